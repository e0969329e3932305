using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Tests.Kafka;

namespace Pipeline.Tests.Graph;

public sealed class CheckpointTriggerTests
{
    private const long Second = 1_000_000;
    private long _bytes;

    [Fact]
    public void Look_EveryInterval_IsACheckpoint()
    {
        var trigger = new CheckpointTrigger(new CheckpointOptions(), [0]);
        Assert.Equal(long.MaxValue, trigger.NextDeadline);
        Assert.False(Look(trigger, 100 * Second).IsCheckpoint);
        Assert.Equal(110 * Second, trigger.NextDeadline);
        Assert.False(Look(trigger, (110 * Second) - 1).IsCheckpoint);
        Assert.True(Look(trigger, 110 * Second).IsCheckpoint);
        Assert.Equal(120 * Second, trigger.NextDeadline);
        Assert.False(Look(trigger, 119 * Second).IsCheckpoint);
    }

    [Fact]
    public void Look_ManyTrades_ComesSooner()
    {
        var trigger = new CheckpointTrigger(new CheckpointOptions { Trades = 5 }, [0]);
        Assert.False(Look(trigger, Second, trades: 4).IsCheckpoint);
        Assert.True(Look(trigger, Second, trades: 1).IsCheckpoint);
        Assert.False(Look(trigger, Second, trades: 4).IsCheckpoint);
    }

    [Fact]
    public void Look_ClockSetBack_DoesNotWaitForTheOldTime()
    {
        var trigger = new CheckpointTrigger(new CheckpointOptions(), [0]);
        Look(trigger, 1_000 * Second);
        Assert.False(Look(trigger, 500 * Second).IsCheckpoint);
        Assert.True(Look(trigger, 510 * Second).IsCheckpoint);
    }

    [Fact]
    public void Look_LastBatch_IsACheckpointWhateverTheTime()
    {
        var trigger = new CheckpointTrigger(new CheckpointOptions(), [0]);
        Look(trigger, 100 * Second);
        var last = new MarketBatch { IsLast = true };
        trigger.Look(last);
        Assert.True(last.IsCheckpoint);
    }

    [Fact]
    public void Look_NoCompaction_RewritesAllAfterSoManyBytes()
    {
        var trigger = new CheckpointTrigger(new CheckpointOptions { StateBytes = _ => _bytes, RewriteBytes = 100 }, [1, 3]);
        Look(trigger, 0);
        _bytes = 99;
        Assert.False(Look(trigger, 10 * Second).IsWholeCheckpoint);
        _bytes = 100;
        Assert.True(Look(trigger, 20 * Second).IsWholeCheckpoint);
        _bytes = 199;
        Assert.False(Look(trigger, 30 * Second).IsWholeCheckpoint);
        _bytes = 200;
        Assert.True(Look(trigger, 40 * Second).IsWholeCheckpoint);
    }

    private static MarketBatch Look(CheckpointTrigger trigger, long now, int trades = 0)
    {
        var batch = new MarketBatch { Now = now };
        for (var i = 0; i < trades; i++)
        {
            batch.Add(MarketSamples.Trade(i));
        }

        trigger.Look(batch);
        return batch;
    }
}
