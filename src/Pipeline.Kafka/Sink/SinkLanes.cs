using Pipeline.Core.Diagnostics;

namespace Pipeline.Kafka.Sink;

/// <summary>The lanes seen so far, by number.</summary>
internal sealed class SinkLanes(DeliveryLedger ledger, PipelineMetrics metrics, Action<SinkLane> release)
{
    private readonly Lock _gate = new();
    private volatile SinkLane[] _lanes = [];

    public SinkLane[] All => _lanes;

    public SinkLane Of(int number)
    {
        var lanes = _lanes;
        return number < lanes.Length ? lanes[number] : Add(number);
    }

    public void OnProgress()
    {
        foreach (var lane in _lanes)
        {
            lane.OnProgress();
        }
    }

    private SinkLane Add(int number)
    {
        lock (_gate)
        {
            while (number >= _lanes.Length)
            {
                var lane = new SinkLane(_lanes.Length, ledger, release);
                _lanes = [.. _lanes, lane];
                metrics.AddQueue($"awaiting acks {lane.Number}", () => lane.Awaiting.Length, lane.Awaiting.Capacity);
            }

            return _lanes[number];
        }
    }
}
