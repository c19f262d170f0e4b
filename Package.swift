// swift-tools-version: 6.2
import CompilerPluginSupport
import Foundation
import PackageDescription

// Every target is built with the same language mode and upcoming features. `NonisolatedNonsendingByDefault` is also
// the performance design: an async call from an actor stays on that actor's executor.
var settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
// Set by Tests/run-all.sh. Not always on: a newer compiler's new warning must not break anybody's build.
if ProcessInfo.processInfo.environment["KEYHOOKS_WARNINGS_ARE_ERRORS"] == "1" {
    settings.append(.treatAllWarnings(as: .error))
}

/// A library of swift-syntax, for the macro and its tests alone.
func syntax(_ name: String) -> Target.Dependency {
    .product(name: name, package: "swift-syntax", condition: .when(traits: ["Macros"]))
}

let package = Package(
    name: "KeyHooks",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
    products: [
        .library(name: "ExtensionHooks", targets: ["ExtensionHooks"]),
        .library(name: "DotenvSyntax", targets: ["DotenvSyntax"]),
        .library(name: "HTTPTransport", targets: ["HTTPTransport"]),
        .library(name: "KeyHooks", targets: ["KeyHooks"]),
        .library(name: "PluginHost", targets: ["PluginHost"]),
        .library(name: "OpenBao", targets: ["OpenBao"]),
        .library(name: "LiteLLM", targets: ["LiteLLM"]),
        .library(name: "AWSSecretsManager", targets: ["AWSSecretsManager"]),
        .library(name: "KeyHooksTesting", targets: ["KeyHooksTesting"]),
        .executable(name: "keyhooks", targets: ["CommandLineTool"]),
    ],
    traits: [
        .trait(
            name: "AWS",
            description: "Builds the plugin for AWS Secrets Manager (brings swift-crypto)."
        ),
        .trait(name: "CLI", description: "Builds the keyhooks command-line tool (brings swift-argument-parser)."),
        .trait(
            name: "Macros",
            description: "Adds @Extensible, which makes a function extensible (brings swift-syntax)."
        ),
    ],
    dependencies: [
        // Every use of a package below carries exactly one trait condition: one unguarded use in any non-test target
        // would make every consumer resolve it. Tests/Support/check-consumer.sh proves it.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-syntax", "602.0.0"..<"604.0.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    ],
    targets: [
        .target(
            name: "ExtensionHooks",
            dependencies: [.target(name: "ExtensibleMacro", condition: .when(traits: ["Macros"]))],
            swiftSettings: settings
        ),
        .macro(
            name: "ExtensibleMacro",
            dependencies: ["SwiftSyntax", "SwiftSyntaxMacros", "SwiftDiagnostics", "SwiftCompilerPlugin"].map(syntax),
            swiftSettings: settings
        ),
        .target(name: "DotenvSyntax", swiftSettings: settings),
        .target(name: "JSON5Syntax", swiftSettings: settings),
        // FoundationEssentials and the C library, Foundation on Apple's systems.
        .target(name: "LightFoundation", swiftSettings: settings),
        .target(
            name: "KeyHooks",
            dependencies: ["ExtensionHooks", "DotenvSyntax", "JSON5Syntax", "LightFoundation"],
            resources: [
                .embedInCode("Services/services.json"), .embedInCode("Services/endpoints.json"),
                .embedInCode("Services/names.json"), .embedInCode("Configuration/peer-words.json5"),
                .embedInCode("Keys/key-forms.json5"),
                .embedInCode("Configuration/keyhooks.schema.json"),
            ],
            swiftSettings: settings
        ),
        // Loads libcurl at run time; empty elsewhere than on Linux.
        .target(name: "CCurl"),
        .target(
            name: "HTTPTransport",
            dependencies: [
                "ExtensionHooks", "LightFoundation", .target(name: "CCurl", condition: .when(platforms: [.linux])),
            ],
            swiftSettings: settings
        ),
        // What the start of a process needs of Linux and Swift cannot say; empty elsewhere.
        .target(name: "CProcess"),
        .target(
            name: "PluginHost",
            dependencies: [
                "KeyHooks", "ExtensionHooks", "JSON5Syntax", "LightFoundation",
                .target(name: "CProcess", condition: .when(platforms: [.linux])),
            ],
            // For authors of plugins, and for the tests.
            exclude: ["Schema/messages.schema.json"],
            resources: [.embedInCode("Schema/plugin.schema.json")],
            swiftSettings: settings
        ),
        // What plugins share that talk to a server: its address, TLS and proxies in a section, and dates.
        .target(
            name: "ServerSettings",
            dependencies: ["KeyHooks", "HTTPTransport", "JSON5Syntax", "LightFoundation"],
            swiftSettings: settings
        ),
        .target(
            name: "OpenBao",
            dependencies: [
                "KeyHooks", "ExtensionHooks", "HTTPTransport", "JSON5Syntax", "LightFoundation", "ServerSettings",
            ],
            path: "Plugins/OpenBao",
            swiftSettings: settings
        ),
        .target(
            name: "LiteLLM",
            dependencies: [
                "KeyHooks", "ExtensionHooks", "HTTPTransport", "JSON5Syntax", "LightFoundation", "ServerSettings",
            ],
            path: "Plugins/LiteLLM",
            swiftSettings: settings
        ),
        // Empty without the trait AWS, since it signs requests.
        .target(
            name: "AWSSecretsManager",
            dependencies: [
                "KeyHooks", "ExtensionHooks", "HTTPTransport", "JSON5Syntax", "LightFoundation", "ServerSettings",
                // For credential_process.
                .target(name: "CProcess", condition: .when(platforms: [.linux])),
                .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["AWS"])),
            ],
            path: "Plugins/AWSSecretsManager",
            swiftSettings: settings
        ),
        // What authors of plugins and programs test with.
        .target(
            name: "KeyHooksTesting",
            dependencies: ["KeyHooks", "ExtensionHooks", "JSON5Syntax", "PluginHost", "LightFoundation"],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "KeyHooks",
                "ExtensionHooks",
                "DotenvSyntax",
                "JSON5Syntax",
                "LightFoundation",
                "LiteLLM",
                "OpenBao",
                "PluginHost",
                "KeyHooksTesting",
                "ServerSettings",
                .target(name: "AWSSecretsManager", condition: .when(traits: ["AWS"])),
                .target(name: "CProcess", condition: .when(platforms: [.linux])),
                .product(
                    name: "ArgumentParser",
                    package: "swift-argument-parser",
                    condition: .when(traits: ["CLI"])
                ),
            ],
            exclude: ["Packaging"],
            // The files of a new plugin.
            resources: [
                .embedInCode("Scaffold/plugin.json5"), .embedInCode("Scaffold/plugin.py"),
                .embedInCode("Scaffold/plugin.sh"), .embedInCode("Scaffold/main.swift.template"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExtensionHooksTests",
            dependencies: ["ExtensionHooks", "KeyHooksTesting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ExtensibleMacroTests",
            dependencies: [
                "ExtensionHooks",
                .target(name: "ExtensibleMacro", condition: .when(traits: ["Macros"])),
                syntax("SwiftSyntaxMacros"),
                syntax("SwiftDiagnostics"),
                syntax("SwiftParser"),
                syntax("SwiftSyntaxMacroExpansion"),
            ],
            swiftSettings: settings
        ),
        // The code of the README and the articles, compiled.
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "DotenvSyntax", "ExtensionHooks", "HTTPTransport", "KeyHooks", "KeyHooksTesting", "LiteLLM", "OpenBao",
                "PluginHost",
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "DotenvSyntaxTests", dependencies: ["DotenvSyntax"], swiftSettings: settings),
        .testTarget(
            name: "JSON5SyntaxTests",
            dependencies: ["JSON5Syntax", "FuzzSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KeyHooksTests",
            dependencies: [
                "KeyHooks", "ExtensionHooks", "DotenvSyntax", "JSON5Syntax", "OpenBao", "HTTPTransport",
                "OpenBaoTestSupport",
                "FuzzSupport",
                "KeyHooksTesting",
            ],
            swiftSettings: settings
        ),
        // A real server, for the tests of whoever talks to one. No product has it, so no consumer builds it.
        .target(name: "OpenBaoTestSupport", path: "Tests/OpenBaoTestSupport", swiftSettings: settings),
        // What asks under load and faults and judges the answers; and the program of Tests/Support/faults.sh that does so
        // for long.
        .target(
            name: "LoadSupport",
            dependencies: ["OpenBao", "KeyHooks", "ExtensionHooks"],
            path: "Tests/LoadSupport",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "LoadProgram",
            dependencies: ["LoadSupport", "LiteLLM", "OpenBao", "KeyHooks"],
            path: "Tests/LoadProgram",
            swiftSettings: settings
        ),
        .testTarget(
            name: "PluginHostTests",
            dependencies: [
                "PluginHost", "KeyHooks", "ExtensionHooks", "JSON5Syntax", "KeyHooksTesting",
                .target(name: "CProcess", condition: .when(platforms: [.linux])),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "KeyHooksTestingTests",
            dependencies: ["KeyHooksTesting", "KeyHooks", "ExtensionHooks", "PluginHost"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "OpenBaoTests",
            dependencies: [
                "OpenBao", "HTTPTransport", "KeyHooks", "ExtensionHooks", "OpenBaoTestSupport", "KeyHooksTesting",
                "LoadSupport", "ServerSettings",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LiteLLMTests",
            dependencies: [
                "LiteLLM", "OpenBao", "HTTPTransport", "JSON5Syntax", "KeyHooks", "ExtensionHooks", "KeyHooksTesting",
                "OpenBaoTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AWSSecretsManagerTests",
            dependencies: [
                "AWSSecretsManager", "HTTPTransport", "JSON5Syntax", "KeyHooks", "KeyHooksTesting", "LightFoundation",
                "OpenBaoTestSupport", "ServerSettings",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: [
                "HTTPTransport", "ExtensionHooks", "OpenBaoTestSupport",
                .target(name: "CCurl", condition: .when(platforms: [.linux])),
            ],
            swiftSettings: settings
        ),
        // What fuzzers are made of. No product has it.
        .target(name: "FuzzSupport", path: "Tests/FuzzSupport", swiftSettings: settings),
        .testTarget(
            name: "FuzzTests",
            dependencies: [
                "FuzzSupport", "ExtensionHooks", "DotenvSyntax", "JSON5Syntax", "KeyHooks", "HTTPTransport", "OpenBao",
                "PluginHost",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandLineToolTests",
            dependencies: [
                "CommandLineTool", "KeyHooks", "KeyHooksTesting", "LiteLLM", "PluginHost", "OpenBaoTestSupport",
            ],
            swiftSettings: settings
        ),
    ]
)

// Set by Tests/run-all.sh where only some tests are run, since all others would be built as well.
if let names = ProcessInfo.processInfo.environment["KEYHOOKS_TESTS"]?.split(separator: ",") {
    package.targets.removeAll { $0.type == .test && !names.contains(Substring($0.name)) }
}
