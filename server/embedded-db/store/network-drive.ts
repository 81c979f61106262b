// Refuses directories on network drives: their locks and syncs do not hold what a database file needs.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** What the system says about a place; handed in so that tests can make drives up. */
export interface DriveFacts {
  readonly platform: NodeJS.Platform;
  /** The path behind links and mapped drive letters. */
  realPath(path: string): string;
  /** Linux: the magic number of statfs(2). */
  magic(path: string): number;
  /** Lines of mounted places: `/proc/self/mountinfo` on Linux, the output of `mount` on macOS. */
  mounts(): string;
}

/** Magic numbers of file systems whose files another machine keeps, or may change.
 *  Source: statfs(2), linux/magic.h and the file systems' own sources. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x01021997, '9P'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
  [0x19830326, 'BeeGFS'],
  [0x786f4256, 'VirtualBox shared folder'],
  [0xbacbacbc, 'VMware shared folder'],
  [0x7c7c6673, 'Parallels shared folder'],
]);

const FUSE = 0x65735546;

/** File systems in user space that keep their files on this machine; every other one is taken for a network's. */
const LOCAL_FUSE =
  /^(fuseblk|virtiofs|fuse\.(ntfs-3g|exfat|ext4|gocryptfs|encfs|cryfs|bindfs|mergerfs|fuse-overlayfs|lxcfs))$/;

const NETWORK_ON_MAC = /^(nfs|smbfs|afpfs|webdav|ftp|osxfuse|macfuse|fusefs|acfs)$/;

/** The facts of this machine. */
const THIS_MACHINE: DriveFacts = {
  platform: process.platform,
  realPath: (path) => realpathSync.native(path),
  magic: (path) => statfsSync(path).type,
  mounts: () =>
    process.platform === 'darwin'
      ? execFileSync('/sbin/mount', { encoding: 'utf8' })
      : readFileSync('/proc/self/mountinfo', 'utf8'),
};

/** A mounted place and the name of its file system, or null for a line of another form. */
function mountOf(line: string, platform: NodeJS.Platform): { at: string; type: string } | null {
  const found =
    platform === 'darwin'
      ? /^.* on (.*) \(([a-z0-9]+)[,)]/.exec(line)
      : /^\d+ \d+ \S+ \S+ (\S+) .* - (\S+) /.exec(line);
  const [, at, type] = found ?? [];
  if (at === undefined || type === undefined) return null;
  // Blanks and the like are written as octal numbers.
  return {
    at: at.replace(/\\(\d{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8))),
    type,
  };
}

/** The file system that a path is on, by the table of mounted places; '' when no line fits. */
function mountedType(path: string, facts: DriveFacts): string {
  let best = { at: '', type: '' };
  for (const line of facts.mounts().split('\n')) {
    const mount = mountOf(line, facts.platform);
    const isAbove = mount !== null && `${path}/`.startsWith(mount.at === '/' ? '/' : `${mount.at}/`);
    // Of two at one place the later one is on top.
    if (isAbove && mount.at.length >= best.at.length) best = mount;
  }
  return best.type;
}

/** The kind of network drive a directory is on, null for a local one and where the system does not tell. */
export function networkDriveOf(directory: string, facts: DriveFacts = THIS_MACHINE): string | null {
  const path = facts.realPath(directory);
  if (facts.platform === 'win32') return /^\\\\(?![?.]\\)/.test(path) ? 'a Windows network share' : null;
  if (facts.platform === 'darwin') {
    const type = mountedType(path, facts);
    return NETWORK_ON_MAC.test(type) ? type : null;
  }
  if (facts.platform !== 'linux') return null;
  // Some numbers come with the sign bit stretched over them.
  const magic = (facts.magic(path) % 2 ** 32) >>> 0;
  if (magic !== FUSE) return NETWORK.get(magic) ?? null;
  const type = mountedType(path, facts);
  return LOCAL_FUSE.test(type) ? null : type || 'fuse';
}

/** Refuses a directory on a network drive; one that is not there yet is judged by the directory it will be made in.
 *  @throws Error in readable words naming the directory and the kind of drive */
export function refuseNetworkDrive(directory: string, facts: DriveFacts = THIS_MACHINE): void {
  let there = directory;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const drive = networkDriveOf(there, facts);
  if (drive === null) return;
  throw new Error(
    `The data directory ${directory} is on a network drive (${drive}), where a database file can lose or mix up what was stored. Choose a directory on a disk of this machine.`,
  );
}
