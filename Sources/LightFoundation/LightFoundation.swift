// The part of Foundation that brings no localization, XML or networking with it, and the C library: one import
// instead of a list of platforms in each file. On Linux a program that needs no more links no libFoundation, which with
// its own libraries makes 45 MB. Apple's systems have all of Foundation anyway.

#if canImport(Darwin)
@_exported public import Foundation
#else
@_exported public import FoundationEssentials
#endif

#if canImport(Darwin)
@_exported public import Darwin
#elseif canImport(Glibc)
@_exported public import Glibc
#elseif canImport(Musl)
@_exported public import Musl
#elseif canImport(Android)
@_exported public import Android
#endif
