/** Signatures are the host's business: the simulator, a process and a test each bring their own keys. */
export interface Signer {
  /** `hmac` is one key for the whole group, `ed25519` one pair a node. */
  readonly scheme: 'hmac' | 'ed25519';
  readonly signatureBytes: number;
  /** True where signatures are only modelled: cheap, and no cryptography. */
  readonly isModelled?: boolean;
  /** Signs as the node with this address. */
  sign(address: number, message: Uint8Array): Uint8Array;
  /** Was this signed by the node with this address (hmac: by any member of the group)? */
  verify(address: number, message: Uint8Array, signature: Uint8Array): boolean;
}
