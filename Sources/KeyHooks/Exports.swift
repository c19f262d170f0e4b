// Whoever writes a plugin, or a framework that asks for keys, needs the engine's types with ours.
@_exported public import ExtensionHooks
