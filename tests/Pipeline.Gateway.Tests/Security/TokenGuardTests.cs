using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Security;

public sealed class TokenGuardTests
{
    private static readonly TestTimeProvider Time = new();

    [Fact]
    public void Check_NothingConfigured_LetsEverybodyIn()
    {
        var guard = new TokenGuard(new GatewayOptions(), Time);

        Assert.True(guard.IsOpen);
        Assert.True(guard.Check(null).IsGood);
    }

    [Theory]
    [InlineData("sesame-1", TokenFault.None)]
    [InlineData("sesame-2", TokenFault.None)]
    [InlineData("admin-token", TokenFault.None)]
    [InlineData("sesame-3", TokenFault.Unknown)]
    [InlineData("sesame-", TokenFault.Unknown)]
    [InlineData("", TokenFault.Missing)]
    [InlineData(null, TokenFault.Missing)]
    internal void Check_Listed(string? token, TokenFault expected)
    {
        var guard = new TokenGuard(new GatewayOptions { Tokens = ["sesame-1", "sesame-2"], AdminToken = "admin-token" }, Time);

        Assert.Equal(expected, guard.Check(token).Fault);
        Assert.Equal(TokenFault.TooLong, guard.Check(new string('x', 5000)).Fault);
    }

    [Fact]
    public void Check_ListedAndSigned_TakesBoth()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        var guard = new TokenGuard(
            new GatewayOptions { Tokens = ["sesame-1"], Jwt = new GatewayJwtOptions { Secret = secret, Audience = "a" } }, Time);

        Assert.True(guard.Check("sesame-1").IsGood);
        Assert.True(guard.Check(JwtValidatorTests.Sign("""{"alg":"HS256"}""", """{"aud":"a","exp":1767226200}""", secret)).IsGood);
        Assert.Equal(TokenFault.Malformed, guard.Check("other").Fault);
    }

    [Theory]
    [InlineData("Bearer abc", null, "", "abc")]
    [InlineData("bearer  abc ", null, "", "abc")]
    [InlineData("Basic abc", null, "", null)]
    [InlineData(null, "pipeline.v1, bearer.a.b-c_d", "", "a.b-c_d")]
    [InlineData(null, "pipeline.v1", "?access_token=x%2Fy&a=b", "x/y")]
    [InlineData(null, null, "?token=abc", null)]
    [InlineData(null, null, "", null)]
    public void BearerToken_IsTakenFromItsThreePlaces(string? authorization, string? protocols, string query, string? expected) =>
        Assert.Equal(expected, BearerToken.OfHandshake(
            name => name switch { "Authorization" => authorization, "Sec-WebSocket-Protocol" => protocols, _ => null }, query));

    [Theory]
    [InlineData("pipeline.v1, bearer.x", "pipeline.v1")]
    [InlineData("bearer.x", null)]
    [InlineData(null, null)]
    public void BearerToken_AnswersItsSubprotocolAndNeverTheToken(string? offered, string? expected) =>
        Assert.Equal(expected, BearerToken.Answer(offered));
}
