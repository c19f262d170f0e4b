#if CLI
import ArgumentParser
import KeyHooks

/// The options that say for whom a key is wanted.
struct ScopeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The profile for which keys are wanted.", valueName: "name"))
    var profile: String?

    @Option(help: ArgumentHelp("The project for which keys are wanted.", valueName: "name"))
    var project: String?

    @Option(help: ArgumentHelp("The tenant for which keys are wanted.", valueName: "name"))
    var tenant: String?

    @Option(help: ArgumentHelp("What keys are wanted for, such as embedding.", valueName: "name"))
    var purpose: String?

    var scope: KeyScope { KeyScope(profile: profile, project: project, tenant: tenant, purpose: purpose) }
}
#endif
