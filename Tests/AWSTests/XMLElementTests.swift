import Testing

@testable import AWS

@Suite struct XMLElementTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLElement.parse(Array(text.utf8)) }

    @Test func readsTextListsAndValues() throws {
        let root = try parse(
            """
            <?xml version="1.0"?>
            <R xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
                <name>a &amp; b &lt;c&gt; &#x20bf; é</name>
                <cdata><![CDATA[<raw> & more]]></cdata>
                <empty/>
                <blank></blank>
                <number>42</number><word>4x</word>
                <yes>true</yes><no>false</no>
                <set><item><id>vpc-1</id></item><item><id>vpc-2</id></item></set>
            </R>
            """)
        #expect(root.name == "R")
        #expect(root["name"] == "a & b <c> \u{20bf} \u{e9}")
        #expect(root["cdata"] == "<raw> & more")
        #expect(root["empty"] == "" && root["blank"] == "" && root["none"] == nil)
        #expect(root.int("number") == 42 && root.int("word") == nil && root.int("none") == nil)
        #expect(root.bool("yes") && !root.bool("no") && !root.bool("none"))
        #expect(root.list("set").map { $0["id"] } == ["vpc-1", "vpc-2"])
        #expect(root.list("empty").isEmpty && root.list("none").isEmpty)
        let id: VPCID = try #require(root.list("set").first).id("id")
        #expect(id == "vpc-1")
        #expect((root.optionalID("none") as VPCID?) == nil)
    }

    @Test func whiteSpaceBetweenElementsIsNoText() throws {
        #expect(try parse("<a>\n  <b>x</b>\n</a>").text == "")
        #expect(try parse("<a> x </a>").text == " x ")
    }

    @Test func readsTagsOfBothProtocols() throws {
        let ec2 = try parse(
            "<i><tagSet><item><key>Name</key><value>a</value></item><item><key>k</key><value/></item></tagSet></i>")
        #expect(ec2.tags == ["Name": "a", "k": ""])
        let iam = try parse("<r><Tags><member><Key>Name</Key><Value>b</Value></member></Tags></r>")
        #expect(iam.tags == ["Name": "b"])
        #expect(try parse("<i/>").tags.isEmpty)
    }

    @Test func whatMustBeThereIsMissed() throws {
        let root = try parse("<vpc><x/></vpc>")
        let error = #expect(throws: MalformedAnswer.self) { try root.required("vpcId") }
        #expect(error?.reason == "<vpc> has no <vpcId>")
        #expect(throws: MalformedAnswer.self) { try root.requiredChild("y") }
    }

    @Test(arguments: ["", "text", "<a>", "<a><b></a>", "<a/><b/>", "{}", "<a>&nope;</a>"])
    func whatIsNoXMLIsRefused(text: String) {
        let error = #expect(throws: MalformedAnswer.self) { try parse(text) }
        #expect(error?.start == text)
    }

    /// Every prefix of an answer, as a connection may be cut at any byte.
    @Test func aCutAnswerIsNeverTakenForAWholeOne() throws {
        let whole = Array(
            "<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet><requestId>1</requestId></R>".utf8)
        for count in 0..<whole.count {
            #expect(throws: MalformedAnswer.self) { try DescribeVpcs.output(from: Array(whole.prefix(count))) }
        }
        #expect(try DescribeVpcs.output(from: whole).items.map(\.id) == ["vpc-1"])
    }

    /// An entity is never expanded from elsewhere: an answer cannot read a file.
    @Test func externalEntitiesAreNotRead() throws {
        let text = #"<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>"#
        let root = try? parse(text)
        #expect(root?.text.contains("root:") != true)
    }
}
