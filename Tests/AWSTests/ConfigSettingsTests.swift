import Foundation
import HTTP
import Testing

@testable import AWS

@Suite struct ConfigSettingsTests {
    @Test func theProfileIsChosenInOrder() throws {
        let both = try TestHome(config: "[default]\n[profile blockchain-nodes]\n[profile x]\n[profile y]\n")
        #expect(try both.settings().profile == "blockchain-nodes")
        #expect(try both.settings(["AWS_DEFAULT_PROFILE": "x"]).profile == "x")
        #expect(try both.settings(["AWS_DEFAULT_PROFILE": "x", "AWS_PROFILE": "y"]).profile == "y")
        #expect(try both.settings(["AWS_PROFILE": ""]).profile == "blockchain-nodes")
        let named = try both.settings(["AWS_PROFILE": "y"], profile: "x")
        #expect(named.profile == "x")
        #expect(named.isProfileExplicit)
        #expect(try TestHome(credentials: "[default]\n").settings().profile == "default")
        #expect(try TestHome().settings().profile == nil)
    }

    @Test func anUnknownProfileListsThoseThereAre() throws {
        let home = try TestHome(config: "[profile staging]\n[profile production]\n")
        let error = #expect(throws: ConfigurationError.self) { try home.settings(profile: "stagin") }
        #expect(error?.summary.contains("\"stagin\" (--profile)") == true)
        #expect(error?.cause == "the profiles are production, staging")
        #expect(error?.fix == "did you mean staging? Else aws configure --profile stagin")
        let variable = #expect(throws: ConfigurationError.self) { try home.settings(["AWS_PROFILE": "zzz"]) }
        #expect(variable?.summary.contains("(AWS_PROFILE)") == true)
        #expect(variable?.fix == "aws configure --profile zzz")
    }

    @Test func theRegionIsChosenInOrder() throws {
        let home = try TestHome(config: "[default]\nregion = eu-west-1\n")
        let environment = ["AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-west-2"]
        #expect(try home.settings(environment, region: "us-east-2").region == "us-east-2")
        #expect(try home.settings(environment, region: nil).region == "us-west-1")
        #expect(try home.settings(["AWS_DEFAULT_REGION": "us-west-2"], region: nil).region == "us-west-2")
        #expect(try home.settings(region: nil).region == "eu-west-1")
    }

    @Test func everyValueSaysWhereItCameFrom() throws {
        let home = try TestHome(config: "[default]\nmax_attempts = 7\n")
        let settings = try home.settings(["AWS_REGION": "us-east-2"], region: nil)
        #expect(settings.origins.contains("region us-east-2 (AWS_REGION)"))
        #expect(settings.origins.contains("max_attempts 7 (\(home.path)/.aws/config:2)"))
    }

    @Test func aMissingRegionSaysHowToSetOne() throws {
        let error = #expect(throws: ConfigurationError.self) { try TestHome().settings(region: nil) }
        #expect(error?.summary == "no region is set")
        #expect(error?.fix?.contains("--region us-east-2") == true)
        #expect(error?.fix?.contains("export AWS_REGION=us-east-2") == true)
    }

    @Test(arguments: ["us-east-2", "us-gov-west-1", "cn-north-1", "ap-southeast-5", "eusc-de-east-1", "us-isob-east-1"])
    func regionsThatPass(name: String) throws { #expect(try TestHome().settings(region: name).region == name) }

    @Test(arguments: [
        "", "us", "useast2", "US-EAST-2", "us-east-2 # c", "us-east-", "evil.com/#-a-1", "us-éast-2", "a-b-1\n",
    ])
    func regionsThatDoNot(name: String) throws {
        let home = try TestHome()
        #expect(throws: ConfigurationError.self) { try home.settings(region: name) }
    }

    @Test func aZoneIsToldFromARegion() throws {
        let home = try TestHome(config: "[default]\n\nregion = us-east-2a\n")
        let error = #expect(throws: ConfigurationError.self) { try home.settings(region: nil) }
        #expect(error?.fix?.contains("its region is us-east-2") == true)
        #expect(error?.line == 3)
    }

    private static let endpoints = """
        [default]
        services = local
        endpoint_url = http://profile:1/
        [services local]
        ec2 =
          endpoint_url = http://section:2
        """

    @Test func endpointsAreChosenInOrder() throws {
        let home = try TestHome(config: Self.endpoints)
        #expect(try home.settings().endpoints[.ec2] == "http://section:2")
        #expect(try home.settings().endpoints[.iam] == "http://profile:1")
        let global = ["AWS_ENDPOINT_URL": "http://127.0.0.1:5000"]
        #expect(try home.settings(global).endpoints[.ec2] == "http://127.0.0.1:5000")
        #expect(try home.settings(global).signInEndpoints[.ssoOIDC] == "http://127.0.0.1:5000")
        let both = global.merging(["AWS_ENDPOINT_URL_EC2": "https://ec2.local"]) { $1 }
        #expect(try home.settings(both).endpoints[.ec2] == "https://ec2.local")
        #expect(try home.settings(both).endpoints[.sts] == "http://127.0.0.1:5000")
        let ignored = both.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }
        #expect(try home.settings(ignored).endpoints.isEmpty)
        #expect(try home.settings(ignored).endpoint(for: .ec2).url == "https://ec2.us-east-2.amazonaws.com")
    }

    @Test(arguments: [
        "127.0.0.1:5000", "ftp://h", "http://", "http://h/path", "http://h?q", "http://u:s3cr3t-env@h", "http://h:0",
        "http://h:99999", "http://h h", "nonsense",
    ])
    func anEndpointThatIsNone(url: String) throws {
        let home = try TestHome()
        let error = #expect(throws: ConfigurationError.self) { try home.settings(["AWS_ENDPOINT_URL_EC2": url]) }
        #expect(error?.summary.hasPrefix("AWS_ENDPOINT_URL_EC2: not an address") == true)
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test(arguments: ["http://127.0.0.1:5000", "http://[::1]:5000", "https://vpce-1.ec2.us-east-2.vpce.amazonaws.com"])
    func anEndpointThatIsOne(url: String) throws {
        #expect(try TestHome().settings(["AWS_ENDPOINT_URL": url]).endpoint(for: .iam).url == url)
    }

    @Test func anEndpointSectionThatIsMissing() throws {
        let home = try TestHome(config: "[default]\nservices = gone\n")
        let error = #expect(throws: ConfigurationError.self) { try home.settings() }
        #expect(error?.place == "\(home.path)/.aws/config:2")
    }

    @Test(arguments: [
        (["AWS_MAX_ATTEMPTS": "0"], "AWS_MAX_ATTEMPTS"), (["AWS_MAX_ATTEMPTS": "x"], "AWS_MAX_ATTEMPTS"),
        (["AWS_RETRY_MODE": "often"], "AWS_RETRY_MODE"), (["AWS_USE_FIPS_ENDPOINT": "yes"], "AWS_USE_FIPS_ENDPOINT"),
        (["AWS_CA_BUNDLE": "/nowhere/ca.pem"], "AWS_CA_BUNDLE"),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "7"], "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
        (["AWS_EC2_METADATA_SERVICE_ENDPOINT": "h"], "AWS_EC2_METADATA_SERVICE_ENDPOINT"),
    ])
    func aWrongValueNamesItsVariable(environment: [String: String], name: String) throws {
        let home = try TestHome()
        let error = #expect(throws: ConfigurationError.self) { try home.settings(environment) }
        #expect(error?.summary.hasPrefix("\(name): ") == true)
        #expect(error?.exitClass == .configuration)
    }

    @Test func retriesAndMetadata() throws {
        let home = try TestHome(config: "[default]\nretry_mode = adaptive\nmetadata_service_timeout = 2\n")
        let settings = try home.settings([
            "AWS_MAX_ATTEMPTS": "5", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6",
            "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "4", "AWS_EC2_METADATA_DISABLED": "True",
        ])
        #expect(settings.origins.contains("retry_mode adaptive (\(home.path)/.aws/config:2), taken for standard"))
        #expect(settings.maxAttempts == 5)
        #expect(settings.metadata.endpoint == "http://[fd00:ec2::254]")
        #expect(settings.metadata.timeout == 2)
        #expect(settings.metadata.attempts == 4)
        #expect(settings.metadata.isDisabled)
        #expect(try TestHome().settings(["AWS_RETRY_MODE": "legacy"]).maxAttempts == 3)
    }

    @Test func fipsIsRefusedWhereThereIsNone() throws {
        let home = try TestHome()
        let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]
        #expect(try home.settings(fips).endpoint(for: .ec2).url == "https://ec2-fips.us-east-2.amazonaws.com")
        #expect(throws: ConfigurationError.self) { try home.settings(fips, region: "cn-north-1") }
    }

    @Test func aFileThatCannotBeRead() throws {
        let home = try TestHome()
        try FileManager.default.createDirectory(
            atPath: "\(home.path)/.aws/config", withIntermediateDirectories: true)
        let error = #expect(throws: ConfigurationError.self) { try home.settings() }
        #expect(error?.file == "\(home.path)/.aws/config")
        #expect(error?.summary.contains("directory") == true)
    }

    @Test func filesNamedByTheEnvironment() throws {
        let home = try TestHome(config: "[profile a]\n")
        try home.write("other", "[profile b]\n")
        #expect(try home.settings(["AWS_CONFIG_FILE": "~/other"]).shared.profileNames == ["b"])
        #expect(try home.settings(["AWS_CONFIG_FILE": "/nowhere/at/all"]).shared.profileNames.isEmpty)
        #expect(try home.settings(["AWS_CONFIG_FILE": "/dev/null"]).shared.profileNames.isEmpty)
    }

    @Test func printingSettingsShowsNoSecret() throws {
        let home = try TestHome(credentials: "[default]\naws_access_key_id = A\naws_secret_access_key = s3cr3t-file\n")
        var dumped = ""
        dump(try home.settings(), to: &dumped)
        #expect(!"\(try home.settings())\(dumped)".contains("s3cr3t"))
    }

    @Test func theInstanceKnowsItsRegion() async throws {
        let home = try TestHome()
        let http = FakeHTTP { request in
            HTTPResponse(status: 200, body: Array((request.method == .put ? "t" : "eu-north-1").utf8))
        }
        func load(isInstance: Bool) async throws -> Settings {
            try await Settings.load(
                environment: [:], profile: nil, region: nil, home: home.path, isInstance: isInstance, http: { http })
        }
        await #expect(throws: ConfigurationError.self) { try await load(isInstance: false) }
        #expect(http.requests.isEmpty)
        let settings = try await load(isInstance: true)
        #expect(settings.region == "eu-north-1")
        #expect(settings.origins == ["region eu-north-1 (EC2 metadata service)"])
        #expect(http.requests.map(\.usesProxy) == [false, false])
    }
}
