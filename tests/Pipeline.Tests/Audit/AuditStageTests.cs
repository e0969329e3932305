using Pipeline.Core.Audit;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Audit;

public sealed class AuditStageTests : IDisposable
{
    private readonly PipelineMetrics _metrics = new();
    private readonly AuditWorld _world = new();
    private readonly Repairs _repairs = new();

    public void Dispose() => _metrics.Dispose();

    [Fact]
    public void Process_Differences_GoBehindTheBatchAndAreCountedAndAskedFor()
    {
        var stage = new AuditStage(new AuditLimits(), _repairs, _metrics);
        var lacking = _world.Ours() with { Trades = 90, Volume = Number.Parse("45") };
        var second = AuditWorld.Open + AuditWorld.Minute;
        Process(stage, lacking, _world.Venue(), _world.Ours(second), _world.Venue(second) with { Close = Number.Parse("1") });
        var gaps = new MarketBatch { Now = _world.Now };
        gaps.Add(_world.Gap(GapState.VenueSilent));
        stage.Process(gaps);
        Assert.Equal(0, gaps.Audits.Count);

        _world.Pass();
        Assert.Equal(_world.Now, stage.NextDeadline);
        var tick = Process(stage);
        Assert.Equal(
            ["withheld: volume 45/50, trades 90/100", "venue-differs: close 105/1"],
            tick.Audits.Span.ToArray().Select(AuditWorld.Text));
        Assert.All(tick.Events.Span.ToArray(), happened => Assert.Equal(MarketEventKind.Audit, happened.Kind));
        Assert.Equal([new IdRange(1010, 1019)], Assert.Single(_repairs.Asked).Missing);
        Assert.Equal((2, 1, 1), (Read("audit.checked", ""), Read("candle.audit_mismatch", "withheld"), Read("candle.audit_mismatch", "venue-differs")));
        Assert.Equal(0, Process(stage).Audits.Count);
    }

    [Fact]
    public void Process_InstrumentThatIsForgotten_IsLetGo()
    {
        var stage = new AuditStage(new AuditLimits(), null, _metrics);
        Process(stage, _world.Ours(), _world.Venue() with { Close = Number.Parse("1") });
        stage.Process(new MarketBatch { Now = _world.Now, Forgotten = _world.Instrument });
        _world.Pass();
        Assert.Equal(0, Process(stage).Audits.Count);
        Assert.Equal(long.MaxValue, stage.NextDeadline);
    }

    private MarketBatch Process(AuditStage stage, params Candle[] candles)
    {
        var batch = new MarketBatch { Now = _world.Now };
        foreach (var candle in candles)
        {
            batch.Add(candle);
        }

        stage.Process(batch);
        return batch;
    }

    private long Read(string name, string detail) =>
        _metrics.Snapshot().Where(one => one.Name == $"pipeline.{name}" && one.Tag == "binance" && one.Detail == detail).Sum(one => one.Value);

    private sealed class Repairs : IAuditRepairs
    {
        public List<AuditRepair> Asked { get; } = [];

        public void Request(AuditRepair lacking) => Asked.Add(lacking);
    }
}
