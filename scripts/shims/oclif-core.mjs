/** The parts of the framework that commands use, without the index file that evaluates all of them. */
export * as Args from '@oclif/core/args';
export { Command } from '@oclif/core/command';
export * as Flags from '@oclif/core/flags';
