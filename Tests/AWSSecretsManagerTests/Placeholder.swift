#if AWS
import Testing
@testable import AWSSecretsManager
#endif
