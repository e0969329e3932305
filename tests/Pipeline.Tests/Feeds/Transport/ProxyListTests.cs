using System.Net;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Tests.Feeds.Transport;

public sealed class ProxyListTests
{
    private static readonly Uri Venue = new("wss://stream.venue.test:9443");

    [Fact]
    public void Next_AfterThreeFailuresInARow_AndRoundAgain()
    {
        var list = Create("http://a:1", "http://b:2");
        var used = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            used.Add(list.GetProxy(Venue)!.Host);
            list.Failed(list.GetProxy(Venue));
        }

        Assert.Equal(["a", "a", "a", "b", "b", "b", "a", "a"], used);
    }

    [Fact]
    public void Success_ForgetsTheFailures_AndLateOnesOfAnotherCountForNothing()
    {
        var list = Create("http://a:1", "http://b:2");
        var first = list.GetProxy(Venue);
        list.Failed(first);
        list.Failed(first);
        list.Succeeded(first);
        list.Failed(first);
        list.Failed(first);
        Assert.Equal("a", list.GetProxy(Venue)!.Host);
        list.Failed(first);
        Assert.Equal("b", list.GetProxy(Venue)!.Host);

        for (var i = 0; i < 5; i++)
        {
            list.Failed(first);
        }

        Assert.Equal("b", list.GetProxy(Venue)!.Host);
    }

    [Fact]
    public void UserAndPassword_AreForTheProxyAlone_AndNeverPartOfItsAddress()
    {
        var list = Create("http://a:1", "socks5://me:s%40cret@b:2");
        for (var i = 0; i < 3; i++)
        {
            list.Failed(list.GetProxy(Venue));
        }

        var proxy = list.GetProxy(Venue)!;
        Assert.Equal("socks5://b:2/", proxy.AbsoluteUri);
        var credential = list.Credentials!.GetCredential(proxy, "socks5")!;
        Assert.Equal(("me", "s@cret"), (credential.UserName, credential.Password));
        Assert.Null(list.Credentials.GetCredential(new Uri("http://a:1"), "Basic"));
        Assert.Null(list.Credentials.GetCredential(Venue, "Basic"));
    }

    [Fact]
    public void EmptyList_IsTheEnvironments()
    {
        var environment = new WebProxy(new Uri("http://me:s3cret@corporate:3128")) { BypassList = ["direct\\.test"] };
        var list = new ProxyList([], environment);

        var proxy = list.GetProxy(Venue)!;
        Assert.Equal("http://corporate:3128/", proxy.AbsoluteUri);
        Assert.Equal("s3cret", list.Credentials!.GetCredential(proxy, "Basic")!.Password);
        Assert.Null(list.GetProxy(new Uri("ws://127.0.0.1:9443")));
        Assert.True(list.IsBypassed(new Uri("wss://direct.test")));
        Assert.Null(list.GetProxy(new Uri("wss://direct.test")));
        list.Failed(list.GetProxy(Venue));
    }

    private static ProxyList Create(params string[] proxies) => new([.. proxies.Select(proxy => new Uri(proxy))], new WebProxy());
}
