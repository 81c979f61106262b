// Short random texts over many scripts, chosen so that languages take many of them as equal.
import { pick, type Random } from './random-values.ts';

const POOLS: readonly (readonly string[])[] = [
  'aAáàâäãåāąæ eéèêëęiíìîïıİoóòôöőõøœuúùûüůűyýÿ',
  'bcdfgklmnpqrstvwxzßþðđħłŋčćžšřňťďģķļņżźśñç',
  'dzsgyccsnnylltyszzzs',
  '0123456789٠١٢٣०१½²①Ⅳ',
  'αβγάίϊΐςσΣᾳῃω',
  'абвгѓґёеийіїы',
  'אבךכםמ',
  'ءأإآاىيیئةهکكڪ',
  'กขเแโะาำฯ',
  'かがカガゝゞーァアぁあヽヵ',
  '가각伽丂一⼀乙',
  'ﬁﬂＡａĳǆǅǳŉﷺﻻ',
  "\u0300\u0301\u0308\u030a\u0323\u0328\u0327\u0345\u200b\u00ad -_.'·",
  'कखगक़़्िी',
  'ກຂເແໂະ',
  'ကခဂဃ့်',
  'lL·ŀʻʼ',
].map((each) => [...each]);

/** A text of one to three characters, mostly of one script. */
export function randomText(random: Random): string {
  const [main, other] = [pick(random, POOLS), pick(random, POOLS)];
  const length = 1 + Math.floor(random() * 3);
  return Array.from({ length }, () => pick(random, random() < 0.7 ? main : other)).join('');
}
