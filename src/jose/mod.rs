//! JOSE: compact tokens, keys, signatures and encryption, with the policy that the standards leave to us.
