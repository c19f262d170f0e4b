import Foundation
import KeyHooks
import Testing

@testable import PluginHost

/// What an entry begins with decides whether a system can run it.
@Suite("The first line of an entry")
struct EntryFirstLineTests {
    @Test(
        "What keeps a system from running it is said",
        arguments: [
            ("#!/bin/sh\r\n", "names the interpreter '/bin/sh\\r', which does not exist", "save it with LF line ends"),
            ("#!/usr/bin/env python3\r\n", "'/usr/bin/env python3\\r', which does not exist", "LF line ends"),
            ("echo hello\n", "does not begin with '#!'", "begin it with #!"),
            ("import json\n", "does not begin with '#!'", "begin it with #!"),
            ("", "is empty", "begin it with"), ("#!\n", "names no interpreter", "begin it with"),
            ("\u{FEFF}#!/bin/sh\n", "byte order mark", "without the mark"),
        ]
    )
    func faults(text: String, reason: String, remedy: String) throws {
        let fault = try #require(EntryFirstLine(beginning: Array(text.utf8)).fault)
        #expect(fault.reason.contains(reason) && fault.remedy.contains(remedy), "\(fault)")
        #expect(!fault.reason.contains("\r"))
    }

    @Test(
        "What a system may run has no fault",
        arguments: [
            Array("#!/bin/sh\necho\r\n".utf8), Array("#! /usr/bin/env -S python3 -u\n".utf8),
            // What the interpreter makes of its argument is its affair.
            Array("#!/usr/bin/perl -w\r\n".utf8), [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0],
            [0xCF, 0xFA, 0xED, 0xFE, 7, 0, 0, 1], Array("MZ\u{90}\0".utf8),
        ] as [[UInt8]]
    )
    func sound(bytes: [UInt8]) {
        #expect(EntryFirstLine(beginning: bytes).fault == nil)
    }

    @Test(
        "A listing says it before the plugin is run, wherever it lies",
        arguments: ["#!/bin/sh\r\nexit 0\r\n", "exit 0\n"],
        [PluginSearchPath.Origin.user, .project]
    )
    func listed(text: String, origin: PluginSearchPath.Origin) async throws {
        try await withPlugins { plugins in
            let place = "\(plugins.root)/plugin"
            let manifest =
                "{id: 'test', version: '1', api: 1, entry: 'run', mode: 'oneshot', hooks: [{point: 'getAPIKey', "
                + "phase: 'start'}]}"
            try plugins.write("\(place)/plugin.json", manifest)
            try install(text, at: "\(place)/run")
            let candidate = PluginCandidate(folder: FilePath(place), origin: origin)
            let problem = try #require(candidate.problems.first)
            #expect(problem.reason.hasPrefix("\(place)/run ") && candidate.problems.count == 1, "\(problem)")
            #expect(problem.remedy.contains(text.hasPrefix("#!") ? "LF line ends" : "begin it with #!"))
        }
    }

    @Test("A pipe in its place is not waited for")
    func pipe() async throws {
        try await withFolder { folder in
            let path = "\(folder.path)/run"
            try #require(mkfifo(path, 0o700) == 0)
            #expect(EntryFirstLine(of: path)?.words == nil)
        }
    }
}
