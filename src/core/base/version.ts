/** The version of mesh, for results, traces and reports. A test holds it to package.json. */
export const version = '0.1.0';
