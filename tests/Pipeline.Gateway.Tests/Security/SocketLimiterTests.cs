using System.Net;
using Pipeline.Gateway.Security;

namespace Pipeline.Gateway.Tests.Security;

public sealed class SocketLimiterTests
{
    private static readonly IPAddress One = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress Proxy = IPAddress.Parse("10.0.0.7");
    private static readonly IPNetwork[] Trusted = [IPNetwork.Parse("10.0.0.0/8")];

    [Fact]
    public void TryEnter_CountsByAddress_AndForgetsWhoHasNone()
    {
        var limiter = new SocketLimiter(2, null, []);
        Assert.True(limiter.TryEnter(One));
        Assert.True(limiter.TryEnter(One.MapToIPv6()));
        Assert.False(limiter.TryEnter(One));
        Assert.True(limiter.TryEnter(Proxy));
        limiter.Leave(One);
        Assert.True(limiter.TryEnter(One));

        limiter.Leave(One);
        limiter.Leave(One);
        limiter.Leave(Proxy);
        Assert.Equal(0, limiter.Open);
    }

    [Fact]
    public void TryEnter_OfATrustedProxy_HasTheProxysLimit()
    {
        var free = new SocketLimiter(1, null, Trusted);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.True(free.TryEnter(Proxy)));
        Assert.True(free.TryEnter(One));
        Assert.False(free.TryEnter(One));

        var bound = new SocketLimiter(1, 2, Trusted);
        Assert.True(bound.TryEnter(Proxy));
        Assert.True(bound.TryEnter(Proxy));
        Assert.False(bound.TryEnter(Proxy));
    }

    [Fact]
    public void TryEnter_OfOneNetworkOfIPv6_IsOneAddress()
    {
        var limiter = new SocketLimiter(1, null, []);

        Assert.True(limiter.TryEnter(IPAddress.Parse("2001:db8::1")));
        Assert.False(limiter.TryEnter(IPAddress.Parse("2001:db8::2")));
        Assert.True(limiter.TryEnter(IPAddress.Parse("2001:db8:0:1::1")));
    }
}
