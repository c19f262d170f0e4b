// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the measured calls cross a module and a package border as a user's do, and so that no
// consumer ever builds it.
let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "KeyHooks", path: "../..", traits: ["AWS"])],
    targets: [
        .target(name: "AllocationCount"),
        .target(name: "BareCurl"),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "AWSSecretsManager", package: "KeyHooks"),
                .product(name: "ExtensionHooks", package: "KeyHooks"),
                .product(name: "DotenvSyntax", package: "KeyHooks"),
                .product(name: "KeyHooks", package: "KeyHooks"),
                .product(name: "LiteLLM", package: "KeyHooks"),
                .product(name: "OpenBao", package: "KeyHooks"),
                .product(name: "PluginHost", package: "KeyHooks"),
                .product(name: "HTTPTransport", package: "KeyHooks"),
                "AllocationCount",
                "BareCurl",
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]
        ),
    ]
)
