/** The exit codes of every command. They are public: scripts depend on them. */
export const exitCode: {
  readonly done: 0;
  readonly broken: 1;
  readonly wrongUsage: 2;
  readonly wrongSettings: 78;
} = Object.freeze({
  /** The command did what it was asked, and what it looked at is in order. */
  done: 0,
  /** A step is broken: the token is refused, a server does not answer, a port is in use. */
  broken: 1,
  /** The command was called with an argument that it does not understand. */
  wrongUsage: 2,
  /** A setting is wrong, so that a start with these settings fails (`EX_CONFIG` of sysexits.h). */
  wrongSettings: 78,
});
