@_exported public import KeyHooks
