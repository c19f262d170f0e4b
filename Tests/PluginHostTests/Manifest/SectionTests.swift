import JSON5Syntax
import KeyHooks
import Testing

@testable import PluginHost

@Suite("Checking a plugin's section")
struct SectionTests {
    @Test func `A right section passes`() throws {
        try PluginManifest.parse(Array(ManifestExamples.contract.utf8)).check(node("{address: 'a'}"))
    }

    @Test func `A wrong one is reported with its place in the whole file, without the value`() throws {
        let manifest = try PluginManifest.parse(Array(ManifestExamples.contract.utf8))
        let wrong = try node("{address: ['sk-leak']}")
        let found = try mistakes { () throws(JSONMistakes) in try manifest.check(wrong) }
        #expect(found == ["1:11: plugins[\"acme.vault\"].address: expected a string, found an array"])
    }

    @Test func `A plugin that says nothing of its section takes any`() throws {
        try PluginManifest.parse(Array(ManifestExamples.smallest().utf8)).check(node("{anything: [1]}"))
    }
}
