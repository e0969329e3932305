using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Hosting;

namespace Pipeline.Gateway.Tests.Hosting;

public sealed class MemoryGuardTests : IDisposable, IMemoryRelief
{
    private const long Limit = 512L << 20;

    private readonly List<string> _done = [];
    private readonly PipelineMetrics _metrics = new();
    private long _memory = 100L << 20;
    private int _waiting = 2;

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Check_BelowTheLimit_DoesNothing()
    {
        var guard = Make();
        guard.Check();
        _memory = Limit;
        guard.Check();

        Assert.False(guard.IsTight);
        Assert.Empty(_done);
    }

    [Fact]
    public void Check_Above_FlushesThenCollectsThenShedsTheExcess()
    {
        var guard = Make();
        _memory = Limit + 1000;
        guard.Check();
        Assert.True(guard.IsTight);
        Assert.Equal(["flush"], _done);
        guard.Check();
        Assert.Equal(["flush", "collect"], _done);
        guard.Check();
        Assert.Equal(["flush", "collect", "shed 1000", "collect"], _done);
        Assert.Equal(3, _metrics.Snapshot().Single(one => one.Name == "pipeline.gateway.memory_exceeded").Value);
        Assert.Equal(1, _metrics.Snapshot().Single(one => one.Name == "pipeline.gateway.shed").Value);
    }

    [Fact]
    public void Check_NobodyWaits_GoesOnWithoutEffect_UntilItIsFineAgain()
    {
        (_memory, _waiting) = (Limit + 1, 0);
        var guard = Make();
        for (var i = 0; i < 5; i++)
        {
            guard.Check();
        }

        Assert.Equal(["flush", "collect", "shed 1", "shed 1", "shed 1"], _done);
        _memory = Limit - 1;
        guard.Check();
        Assert.False(guard.IsTight);

        // The next time begins with the mildest again.
        _memory = Limit + 1;
        guard.Check();
        Assert.Equal("flush", _done[^1]);
    }

    void IMemoryRelief.Flush() => _done.Add("flush");

    void IMemoryRelief.Collect() => _done.Add("collect");

    (int Clients, long Bytes) IMemoryRelief.Shed(long bytes)
    {
        _done.Add($"shed {bytes}");
        return _waiting == 0 ? (0, 0) : (1, bytes);
    }

    private MemoryGuard Make() => new(Limit, () => _memory, this, _metrics, NullLogger.Instance);
}
