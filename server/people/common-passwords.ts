/** The passwords of ten characters and more that people choose most; refused because guessing begins with them. */

/** Lower case; compared after trailing digits and signs are cut off as well (source: published leak statistics). */
const words = `
1234567890 12345678910 123456789a 123456789q 1234567891 0123456789 0987654321 9876543210 1029384756 1111111111
0000000000 1122334455 1212121212 1357924680 147258369 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc 1q2w3e4r
q1w2e3r4t5 q1w2e3r4t5y6 qwertyuiop qwertyuiop123 qwerty123456 qwerty1234 qwerty12345 qwertyqwerty qwertzuiop
qwertzuiop123 azertyuiop asdfghjkl asdfghjkl1 asdfghjkl123 asdfasdfasdf asdfghjkl; zxcvbnm123 zxcvbnmasdf qazwsxedc
qazwsxedcrfv poiuytrewq lkjhgfdsa abcdefghij abcdefgh12 abcd123456 abc1234567 abc123abc123 abcdef1234 a123456789
a1b2c3d4e5 aa12345678 aaaaaaaaaa password password1 password12 password123 password1234 password12345 passw0rd123
p@ssw0rd123 p@ssword123 passwordpassword mypassword mypassword1 yourpassword newpassword newpassword1 oldpassword
thepassword secretpassword adminpassword passwort123 passwort passwort1234 motdepasse motdepasse1 contrasena
contraseña wachtwoord wachtwoord1 lozinka123 iloveyou iloveyou12 iloveyou123 iloveyou1234 iloveyouso iloveyousomuch
ilovemyself ilovejesus ilovemusic ilovehockey loveyou123 welcome welcome123 welcome1234 welcome2024 welcome2025
welcome2026 welkom1234 willkommen bienvenue1 administrator administrator1 admin12345 admin123456 adminadmin
adminadmin1 letmein123 letmein1234 letmeinnow letmeinplease changeme changeme123 changeme1234 changeit123 default123
temporary1 temppassword testtest testtest123 test123456 test1234567 testing123 testpassword guestguest master1234
masterkey masterpassword superman123 superman12 spiderman123 spiderman1 batman12345 batman1234 football123 football12
baseball123 baseball12 basketball basketball1 basketball12 volleyball volleyball1 skateboard skateboarding swimming12
soccer12345 liverpool123 liverpoolfc manchester manchester1 manchesterunited manunited123 chelsea123 arsenal123
barcelona1 barcelona10 juventus10 realmadrid realmadrid1 sunshine sunshine12 sunshine123 princess12 princess123
princess1234 butterfly1 butterfly12 chocolate1 chocolate12 strawberry strawberry1 watermelon watermelon1 blueberry1
cheesecake gingerbread monkey12345 monkey1234 dragon1234 dragon12345 shadow1234 shadow12345 charlie123 charlie1234
michael123 michelle12 jennifer123 jennifer12 jessica123 alexander1 alexander12 alexandra1 christopher christian1
christine1 elizabeth1 elizabeth12 stephanie1 francisco1 alejandro1 guadalupe1 sebastian1 valentina1 valentine1
nathaniel1 gabriella1 samantha123 victoria123 trustno1trustno1 starwars123 starwars12 pokemon123 pokemon1234
minecraft1 minecraft12 minecraft123 computer12 computer123 computer1234 internet12 internet123 microsoft1 windows123
samsung123 google1234 facebook123 facebook12 whatever12 whatever123 qwerasdfzxcv qwer123456 hello12345 hello123456
helloworld helloworld1 goodmorning goodnight1 happybirthday happy12345 lucky12345 forever123 summer2024 summer2025
summer2026 winter2024 winter2025 winter2026 spring2025 spring2026 autumn2025 autumn2026 sommer2025 sommer2026
january2026 december2025 october2026 november2026 monday1234 friday1234 correcthorsebatterystaple correct horse battery staple
opensesame letmeinletmein supersecret topsecret1 topsecret123 secret12345 secret1234 nothing123 something1 donotenter
accessdenied openopenopen loginlogin login12345 user123456 username123 company123 company1234 business123 supplier123
procurement purchasing engineering marketing1 production1 logistics1 warehouse1 forecast123
`;

const known = new Set(words.split(/\s+/).filter((word) => word.length > 0));
// The one phrase with spaces, which the split above takes apart.
known.add('correct horse battery staple');

/** Whether a password is a well-known one, also with digits or signs put behind it. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  return known.has(lower) || known.has(lower.replace(/[\d\p{P}\p{S}]+$/u, ''));
}
