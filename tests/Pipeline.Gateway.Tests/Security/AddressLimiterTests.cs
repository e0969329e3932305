using System.Net;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Security;
using Pipeline.TestKit.Time;

namespace Pipeline.Gateway.Tests.Security;

public sealed class AddressLimiterTests : IDisposable
{
    private static readonly IPAddress One = IPAddress.Parse("198.51.100.1");
    private static readonly IPAddress Other = IPAddress.Parse("198.51.100.2");

    private readonly TestTimeProvider _time = new();
    private readonly PipelineMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void TryEnter_UpToTheLimit_AndAgainWhenOneLeft()
    {
        var limiter = Make(3, new GatewayLimits());
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out TimeSpan _)));

        Assert.Equal(Admission.Full, limiter.TryEnter(Other, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(5), wait);
        limiter.Leave(One);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(Other, out wait));
        Assert.Equal((TimeSpan.Zero, 3), (wait, limiter.Open));
    }

    [Fact]
    public void TryEnter_ManyOfOneAddress_LeavesOthersAlone()
    {
        var limiter = Make(100, new GatewayLimits { MaxConnectionsPerAddress = 2 });
        limiter.TryEnter(One, out _);
        limiter.TryEnter(One, out _);

        Assert.Equal(Admission.TooManyOpen, limiter.TryEnter(One, out _));
        Assert.Equal(Admission.Admitted, limiter.TryEnter(Other, out _));
        limiter.Leave(One);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out _));
    }

    [Fact]
    public void TryEnter_TooOften_WaitsForTheRate()
    {
        var limiter = Make(10_000, new GatewayLimits { MaxConnectsPerSecond = 2 });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out _));
            limiter.Leave(One);
        }

        Assert.Equal(Admission.TooFast, limiter.TryEnter(One, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(Other, out _));
        _time.Advance(wait);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out _));
        Assert.Equal(Admission.TooFast, limiter.TryEnter(One, out _));
    }

    [Fact]
    public void TryRequest_TooOften_WaitsForTheRate_AndLeavesConnectsAlone()
    {
        var limiter = Make(10, new GatewayLimits { MaxRequestsPerSecond = 2 });
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(Admission.Admitted, limiter.TryRequest(One, out TimeSpan _)));

        Assert.Equal(Admission.TooFast, limiter.TryRequest(One, out var wait));
        Assert.Equal(TimeSpan.FromMilliseconds(500), wait);
        Assert.Equal(Admission.Admitted, limiter.TryRequest(Other, out _));
        Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out _));
        _time.Advance(wait);
        Assert.Equal(Admission.Admitted, limiter.TryRequest(One, out _));
    }

    [Fact]
    public void TryRequest_OfManyAddresses_RemembersNoneThatIsQuiet()
    {
        var limiter = Make(10, new GatewayLimits());
        for (var i = 0; i < 10_000; i++)
        {
            limiter.TryRequest(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), out _);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(limiter.Addresses, 1, 1024);
    }

    [Fact]
    public void Punish_RefusesTheAddressForItsTime()
    {
        var limiter = Make(100, new GatewayLimits { Penalty = TimeSpan.FromSeconds(10) });
        limiter.Punish(One);
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(Admission.Penalised, limiter.TryEnter(One, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(6), wait);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(Other, out _));
        _time.Advance(wait);
        Assert.Equal(Admission.Admitted, limiter.TryEnter(One, out _));
    }

    [Fact]
    public void Addresses_OfWhichNothingCounts_AreForgotten()
    {
        var limiter = Make(100, new GatewayLimits());
        limiter.TryEnter(One, out _);
        for (var i = 0; i < 5000; i++)
        {
            var address = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]);
            Assert.Equal(Admission.Admitted, limiter.TryEnter(address, out _));
            limiter.Leave(address);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(limiter.Addresses, 1, 2048);
        Assert.Equal(1, limiter.Open);
    }

    [Fact]
    public void Addresses_WithoutEnd_HaveOne()
    {
        var limiter = Make(1_000_000, new GatewayLimits());
        var admissions = Enumerable.Range(0, AddressLimiter.MostAddresses + 10)
            .Select(i => limiter.TryEnter(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), out _)).ToList();

        Assert.Equal(AddressLimiter.MostAddresses, admissions.Count(one => one == Admission.Admitted));
        Assert.Equal(Admission.Full, admissions[^1]);
    }

    [Fact]
    public void QuotaOf_IsOneForAllOfAnAddress_AndAnotherForTheNext()
    {
        var limiter = Make(100, new GatewayLimits());
        var quota = limiter.QuotaOf(One);

        Assert.Same(quota, limiter.QuotaOf(IPAddress.Parse("::ffff:198.51.100.1")));
        Assert.NotSame(quota, limiter.QuotaOf(Other));
        Assert.Same(limiter.QuotaOf(IPAddress.Parse("2001:db8:1:2::1")), limiter.QuotaOf(IPAddress.Parse("2001:db8:1:2:ff::2")));
        Assert.NotSame(limiter.QuotaOf(IPAddress.Parse("2001:db8:1:2::1")), limiter.QuotaOf(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void QuotaOf_Held_IsNotForgotten_AlsoWithoutAConnection()
    {
        var limiter = Make(100_000, new GatewayLimits());
        limiter.TryEnter(One, out _);
        var quota = limiter.QuotaOf(One);
        limiter.Leave(One);
        _time.Advance(TimeSpan.FromMinutes(1));

        // What a client that is gone has left behind in the hub's queue still counts.
        VisitByMany(limiter, TimeSpan.FromMilliseconds(10));
        Assert.Same(quota, limiter.QuotaOf(One));
        quota.Release();
        quota.Release();
        VisitByMany(limiter, TimeSpan.FromMilliseconds(10));
        Assert.NotSame(quota, limiter.QuotaOf(One));
    }

    [Fact]
    public void QuotaOf_WhoseMessagesCount_IsNotForgotten_ByConnectingAnew()
    {
        var limiter = Make(100_000, new GatewayLimits { MaxMessagesPerSecondPerAddress = 1 });
        var quota = limiter.QuotaOf(One);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(quota.TryMessage()));
        quota.Release();

        VisitByMany(limiter, TimeSpan.Zero);
        Assert.False(limiter.QuotaOf(One).TryMessage());
    }

    // Enough addresses for those that are quiet to be looked for.
    private void VisitByMany(AddressLimiter limiter, TimeSpan apart)
    {
        for (var i = 0; i < 5000; i++)
        {
            limiter.TryRequest(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), out _);
            _time.Advance(apart);
        }
    }

    private AddressLimiter Make(int most, GatewayLimits limits) => new(most, limits, _metrics, _time);
}
