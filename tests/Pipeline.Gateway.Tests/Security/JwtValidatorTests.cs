using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Security;

public sealed class JwtValidatorTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Header = """{"alg":"HS256","typ":"JWT"}""";

    // The clock stands at 2026-01-01T00:00:00Z = 1767225600.
    private const string Claims = """{"sub":"alice","aud":"pipeline","iss":"https://id.example","exp":1767226200,"nbf":1767225000}""";

    private readonly TestTimeProvider _time = new();

    internal static string Sign(string header, string claims, string secret = Secret)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    [Fact]
    public void Check_GoodToken_SaysWhoAndUntilWhen()
    {
        var result = Check(Sign(Header, Claims));

        Assert.Equal(new TokenResult(TokenFault.None, "alice", (1767226200L + 30) * 1_000_000), result);
    }

    // RFC 7515 appendix A.1, with its own key: made by somebody else. It lacks an audience, and its time is long over.
    [Fact]
    public void Check_TokenOfTheStandard_HasItsSignature()
    {
        const string token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        var key = Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");

        Assert.Equal(TokenFault.Expired, JwtValidator.WithKey(key, new GatewayJwtOptions { Secret = "", Audience = "x" }, _time).Check(token).Fault);
        Assert.Equal(TokenFault.Signature, Check(token).Fault);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "Algorithm", """{"alg":"none","typ":"JWT"}""", Claims },
        { "Algorithm", """{"alg":"None"}""", Claims },
        { "Algorithm", """{"alg":"RS256","typ":"JWT"}""", Claims },
        { "Algorithm", """{"alg":"HS512","typ":"JWT"}""", Claims },
        { "Algorithm", """{"alg":"hs256","typ":"JWT"}""", Claims },
        { "Algorithm", """{"alg":["HS256"],"typ":"JWT"}""", Claims },
        { "Algorithm", """{"typ":"JWT"}""", Claims },
        { "Type", """{"alg":"HS256","typ":"JWE"}""", Claims },
        { "Type", """{"alg":"HS256","typ":"at+jwt"}""", Claims },
        { "Type", """{"alg":"HS256","typ":1}""", Claims },
        { "Type", """{"alg":"HS256","crit":["b64"],"b64":false}""", Claims },
        { "Malformed", """{"alg":"HS256","alg":"none"}""", Claims },
        { "Malformed", """["HS256"]""", Claims },
        { "Malformed", """{"alg":"HS256" """, Claims },
        { "Malformed", Header, """["x"]""" },
        { "Malformed", Header, "not json" },
        { "Malformed", Header, """{"aud":"pipeline","iss":"https://id.example"}""" },
        { "Malformed", Header, """{"aud":"pipeline","iss":"https://id.example","exp":"1767226200"}""" },
        { "Malformed", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1767226200,"exp":9767226200}""" },
        { "Malformed", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1767226200,"nbf":"x"}""" },
        { "Malformed", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1e999}""" },
        { "Expired", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1767225570}""" },
        { "Expired", Header, """{"aud":"pipeline","iss":"https://id.example","exp":-1}""" },
        { "NotYetValid", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1767226200,"nbf":1767225631}""" },
        { "Audience", Header, """{"iss":"https://id.example","exp":1767226200}""" },
        { "Audience", Header, """{"aud":"Pipeline","iss":"https://id.example","exp":1767226200}""" },
        { "Audience", Header, """{"aud":["a","b"],"iss":"https://id.example","exp":1767226200}""" },
        { "Audience", Header, """{"aud":{"pipeline":1},"iss":"https://id.example","exp":1767226200}""" },
        { "Issuer", Header, """{"aud":"pipeline","exp":1767226200}""" },
        { "Issuer", Header, """{"aud":"pipeline","iss":"https://id.example/","exp":1767226200}""" },
        { "None", """{"alg":"HS256"}""", """{"aud":["a","pipeline"],"iss":"https://id.example","exp":1767226200.5}""" },
        { "None", """{"alg":"HS256","typ":"jwt"}""", """{"aud":"pipeline","iss":"https://id.example","exp":1767225571,"nbf":1767225630}""" },
        { "None", Header, """{"aud":"pipeline","iss":"https://id.example","exp":1e300}""" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_SignedToken_IsJudgedByWhatItSays(string fault, string header, string claims) =>
        Assert.Equal(Enum.Parse<TokenFault>(fault), Check(Sign(header, claims)).Fault);

    [Fact]
    public void Check_AnotherSecret_IsRefusedWhateverItClaims()
    {
        Assert.Equal(TokenFault.Signature, Check(Sign(Header, Claims, Secret + "x")).Fault);
        Assert.Equal(TokenFault.Signature, Check(Sign(Header, "no json", Secret + "x")).Fault);
    }

    [Fact]
    public void Check_OneBitElsewhere_IsRefused()
    {
        var token = Sign(Header, Claims);
        var parts = token.Split('.');
        var signature = Base64Url.DecodeFromChars(parts[2]);
        for (var i = 0; i < signature.Length; i++)
        {
            signature[i] ^= 1;
            Assert.Equal(TokenFault.Signature, Check($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}").Fault);
            signature[i] ^= 1;
        }

        Assert.Equal(TokenFault.Signature, Check($"{parts[0]}.{Encode(Claims.Replace("alice", "mallo", StringComparison.Ordinal))}.{parts[2]}").Fault);
        Assert.Equal(TokenFault.Signature, Check($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature.AsSpan(0, 16))}").Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("a.b.c.d")]
    public void Check_NoThreeParts_IsMalformed(string token) => Assert.Equal(TokenFault.Malformed, Check(token).Fault);

    [Fact]
    public void Check_OtherSpellingsOfTheSameBytes_AreMalformed()
    {
        var parts = Sign(Header, Claims).Split('.');

        // 32 bytes leave two bits of the last character without meaning: of four spellings one is canonical.
        var others = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            .Select(last => parts[2][..^1] + last).Where(one => one != parts[2]).Select(one => Check($"{parts[0]}.{parts[1]}.{one}").Fault);
        Assert.DoesNotContain(TokenFault.None, others);
        Assert.Equal(TokenFault.Malformed, Check($"{parts[0]}.{parts[1]}.{parts[2]}=").Fault);
        Assert.Equal(TokenFault.Malformed, Check($"{parts[0]} .{parts[1]}.{parts[2]}").Fault);
        Assert.Equal(TokenFault.Malformed, Check($"{parts[0]}.{parts[1]}\n.{parts[2]}").Fault);
        Assert.Equal(TokenFault.Malformed, Check($"{parts[0]}.{parts[1]}.{parts[2]}+").Fault);
    }

    [Fact]
    public void Check_TooLong_IsNotLookedAt()
    {
        Assert.Equal(TokenFault.TooLong, Check(new string('a', 4097)).Fault);
        var header = $$"""{"alg":"HS256","x":"{{new string('x', 600)}}"}""";
        Assert.Equal(TokenFault.Malformed, Check(Sign(header, Claims)).Fault);
        Assert.Equal(TokenFault.Malformed, Check(Sign(Header, new string('[', 200))).Fault);
    }

    [Fact]
    public void Check_AsTimeGoesOn_ExpiresWithLeeway()
    {
        var token = Sign(Header, Claims);
        _time.Advance(TimeSpan.FromSeconds(629));
        Assert.Equal(TokenFault.None, Check(token).Fault);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TokenFault.Expired, Check(token).Fault);
    }

    [Fact]
    public void Check_IssuerNotSet_IsNotLookedAt()
    {
        var validator = new JwtValidator(new GatewayJwtOptions { Secret = Secret, Audience = "pipeline" }, _time);

        Assert.True(validator.Check(Sign(Header, """{"aud":"pipeline","exp":1767226200}""")).IsGood);
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private TokenResult Check(string token) => new JwtValidator(
        new GatewayJwtOptions { Secret = Secret, Audience = "pipeline", Issuer = "https://id.example" }, _time).Check(token);
}
