using Pipeline.Fanout;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class OriginPolicyTests
{
    [Theory]
    [InlineData(null, "gw.example", true)]
    [InlineData("http://gw.example", "gw.example", true)]
    [InlineData("https://GW.example", "gw.example", true)]
    [InlineData("https://gw.example", "gw.example:443", true)]
    [InlineData("http://gw.example:8080", "gw.example:8080", true)]
    [InlineData("http://gw.example:8081", "gw.example:8080", false)]
    [InlineData("http://localhost:5173", "gw.example", true)]
    [InlineData("http://127.0.0.1:5173", "gw.example", true)]
    [InlineData("http://[::1]:5173", "gw.example", true)]
    [InlineData("https://app.example", "gw.example", true)]
    [InlineData("https://app.example:8443", "gw.example", false)]
    [InlineData("http://app.example", "gw.example", false)]
    [InlineData("https://app.example.evil.com", "gw.example", false)]
    [InlineData("https://localhost.evil.com", "gw.example", false)]
    [InlineData("https://evil.com, https://app.example", "gw.example", false)]
    [InlineData("null", "gw.example", false)]
    [InlineData("file:///", "gw.example", false)]
    public void Allows_OwnLocalAndListed(string? origin, string host, bool expected) =>
        Assert.Equal(expected, new OriginPolicy(["https://app.example"], local: true).Allows(origin, host));

    [Theory]
    [InlineData("https://anything.example")]
    [InlineData("null")]
    public void Allows_Star_IsEverybody(string origin) => Assert.True(new OriginPolicy(["*"]).Allows(origin, "gw.example"));
}
