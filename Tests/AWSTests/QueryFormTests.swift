import Foundation
import TestSupport
import Testing

@testable import AWS

@Suite struct QueryFormTests {
    private func encoded(_ build: (inout QueryForm) -> Void) -> String {
        var form = QueryForm()
        build(&form)
        return String(decoding: form.encoded(action: "A", version: "V"), as: UTF8.self)
    }

    @Test func actionAndVersionComeFirst() {
        #expect(encoded { _ in } == "Action=A&Version=V")
        #expect(encoded { $0.set("N", "v") } == "Action=A&Version=V&N=v")
    }

    @Test func onlyUnreservedCharactersStandAsTheyAre() {
        let text = "aZ09-._~ +&=%/:?#[]@!$'()*,;\u{e9}\u{1f517}\n\u{0}"
        #expect(
            encoded { $0.set("N", text) } == "Action=A&Version=V&N=aZ09-._~%20%2B%26%3D%25%2F%3A%3F%23%5B%5D%40%21%24"
                + "%27%28%29%2A%2C%3B%C3%A9%F0%9F%94%97%0A%00")
    }

    @Test func namesAreEncodedToo() {
        #expect(encoded { $0.set("tag:Name", "v") } == "Action=A&Version=V&tag%3AName=v")
    }

    /// Decoded by Foundation, every text comes back.
    @Test func comesBack() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2_000 {
            let scalars = (0..<generator.below(12)).compactMap { _ in
                Unicode.Scalar(UInt32(1 + generator.below(0x2FFF)))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let body = encoded { $0.set("N", text) }
            let value = try #require(body.split(separator: "&").last?.dropFirst(2))
            #expect(String(value).removingPercentEncoding?.unicodeScalars.elementsEqual(scalars) == true)
        }
    }

    @Test func listsCountFromOne() {
        #expect(encoded { $0.set(list: "Id", ["a", "b"]) } == "Action=A&Version=V&Id.1=a&Id.2=b")
        let ids: [VPCID] = ["vpc-1"]
        #expect(encoded { $0.set(list: "VpcId", ids) } == "Action=A&Version=V&VpcId.1=vpc-1")
        #expect(encoded { $0.set(list: "Id", [String]()) } == "Action=A&Version=V")
    }

    @Test func filtersAndTags() {
        #expect(
            encoded { $0.set([Filter("vpc-id", ["a", "b"]), Filter("k", [])]) }
                == "Action=A&Version=V&Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b&Filter.2.Name=k")
        #expect(
            encoded { $0.set([Tag("k", "v")], on: "instance", "volume") }
                == "Action=A&Version=V&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=k"
                + "&TagSpecification.1.Tag.1.Value=v&TagSpecification.2.ResourceType=volume"
                + "&TagSpecification.2.Tag.1.Key=k&TagSpecification.2.Tag.1.Value=v")
        #expect(encoded { $0.set([], on: "vpc") } == "Action=A&Version=V")
    }

    @Test func whatIsNilIsLeftOut() {
        #expect(
            encoded {
                $0.set("S", nil as String?)
                $0.set("I", nil as Int?)
                $0.set("B", nil as Bool?)
                $0.set("V", nil as VPCID?)
                $0.setDryRun(false)
            } == "Action=A&Version=V")
        #expect(
            encoded {
                $0.set("I", 0)
                $0.set("B", false)
                $0.setDryRun(true)
            } == "Action=A&Version=V&I=0&B=false&DryRun=true")
    }
}
