using System.Net;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Tests.Security;

public sealed class AddressesTests
{
    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")];

    [Theory]
    [InlineData("203.0.113.7", "198.51.100.1", "203.0.113.7")]
    [InlineData("10.1.1.1", null, "10.1.1.1")]
    [InlineData("10.1.1.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::ffff:10.1.1.1", "198.51.100.1", "198.51.100.1")]
    [InlineData("::1", "198.51.100.1:4711", "198.51.100.1")]
    [InlineData("10.1.1.1", "1.1.1.1, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.1.1.1", "1.1.1.1, 198.51.100.1, 10.2.2.2", "198.51.100.1")]
    [InlineData("10.1.1.1", "127.0.0.1, 198.51.100.1", "198.51.100.1")]
    [InlineData("10.1.1.1", "[2001:db8::1]:80", "2001:db8::1")]
    [InlineData("10.1.1.1", "unknown, 10.2.2.2", "10.2.2.2")]
    [InlineData("10.1.1.1", "", "10.1.1.1")]
    [InlineData("10.1.1.1", "10.3.3.3, 10.2.2.2", "10.3.3.3")]
    public void Resolve_BelievesTrustedProxiesAlone(string peer, string? forwarded, string expected) =>
        Assert.Equal(expected, Addresses.Resolve(IPAddress.Parse(peer), forwarded, Trusted).ToString());

    [Fact]
    public void Resolve_NobodyTrusted_IsThePeer() =>
        Assert.Equal("10.1.1.1", Addresses.Resolve(IPAddress.Parse("10.1.1.1"), "1.2.3.4", []).ToString());

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("::1", "::1")]
    public void KeyOf_IPv6_IsItsNetwork(string address, string expected) =>
        Assert.Equal(expected, Addresses.KeyOf(IPAddress.Parse(address)).ToString());
}
