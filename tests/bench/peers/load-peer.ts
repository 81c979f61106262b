/** Loads packages that are installed in this folder only, for measuring; it imports nothing of the project itself. */

/** Imports a package, or with `file` one of its files that it does not name itself (`package/path`). */
export function loadPeer<Module>(specifier: string, file = false): Promise<Module> {
  return import(file ? new URL(`node_modules/${specifier}`, import.meta.url).href : specifier);
}
