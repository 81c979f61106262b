// Which drives a database is not put on.
import { describe, expect, test } from 'vitest';
import { type DriveFacts, networkDriveOf, refuseNetworkDrive } from './network-drive.ts';

const none = () => {
  throw new Error('not asked for');
};

function linux(magic: number, mounts: () => string = none): DriveFacts {
  return { platform: 'linux', realPath: (path) => path, magic: () => magic, mounts };
}

function fuse(type: string): DriveFacts {
  const lines = [
    '22 1 254:0 / / rw,relatime - ext4 /dev/root rw',
    `90 22 0:50 / /data/my\\040drive rw,nosuid shared:5 - ${type} source rw`,
    '91 22 0:51 / /data/my\\040drive/other rw - ext4 /dev/b rw',
  ];
  return linux(0x65735546, () => lines.join('\n'));
}

describe('network drives', () => {
  test.each([
    [0x6969, 'NFS'],
    [0xff534d42, 'CIFS'],
    [0xff534d42 - 2 ** 32, 'CIFS'],
    [0xfe534d42, 'SMB'],
    [0x5346414f, 'AFS'],
    [0x01021997, '9P'],
    [0xef53, null],
    [0x01021994, null],
    [0x9123683e, null],
    [0x58465342, null],
    [0x794c7630, null],
  ])('[DB61] the Linux magic %i is %s', (magic, kind) => {
    expect(networkDriveOf('/data', linux(magic))).toBe(kind);
  });

  test.each([
    ['fuse.sshfs', 'fuse.sshfs'],
    ['fuse.rclone', 'fuse.rclone'],
    ['fuse.something-new', 'fuse.something-new'],
    ['fuseblk', null],
    ['virtiofs', null],
  ])('[DB61] a file system in user space is judged by its name: %s', (type, kind) => {
    expect(networkDriveOf('/data/my drive/db', fuse(type))).toBe(kind);
  });

  test('[DB61] macOS tells by its list of mounts', () => {
    const mounts = () =>
      '/dev/disk3s1 on / (apfs, local)\n//ada@box/share on /Volumes/share (smbfs, nodev, mounted by ada)\n';
    const facts: DriveFacts = { platform: 'darwin', realPath: (path) => path, magic: none, mounts };
    expect(networkDriveOf('/Volumes/share/db', facts)).toBe('smbfs');
    expect(networkDriveOf('/Volumes/shared', facts)).toBe(null);
  });

  test('[DB61] Windows tells by the real path behind a drive letter', () => {
    const windows = (realPath: string): DriveFacts => ({
      platform: 'win32',
      realPath: () => realPath,
      magic: none,
      mounts: none,
    });
    expect(networkDriveOf('Z:\\db', windows('\\\\server\\share\\db'))).toBe('a Windows network share');
    expect(networkDriveOf('C:\\db', windows('C:\\db'))).toBe(null);
    expect(networkDriveOf('C:\\db', windows('\\\\?\\C:\\db'))).toBe(null);
  });

  test('[DB61] the refusal names the directory and the drive, also before the directory is made', () => {
    expect(() => refuseNetworkDrive('/not/made/yet', linux(0x6969))).toThrow(
      'The data directory /not/made/yet is on a network drive (NFS)',
    );
    expect(() => refuseNetworkDrive('/not/made/yet', linux(0xef53))).not.toThrow();
  });

  test('[DB61] this machine is asked in the same way', () => {
    expect(networkDriveOf(import.meta.dirname)).toBe(null);
  });
});
