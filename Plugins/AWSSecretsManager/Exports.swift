// Without the trait AWS this module is empty: nobody resolves swift-crypto who doesn't ask for it.
#if AWS
@_exported public import KeyHooks
#endif
