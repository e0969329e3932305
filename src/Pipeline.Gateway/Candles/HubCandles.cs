using Pipeline.Gateway.History;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Candles;

/// <summary>The gateway's hub.</summary>
internal sealed class HubCandles(GatewayHub hub) : ICandleHub
{
    public Task<T> AskAsync<T>(Func<ICandleTail, T> question, CancellationToken cancellation = default) =>
        hub.AskAsync(view => question(new Tail(view)), cancellation);

    public bool Post(Action<ICandleTail> command, bool force = false) => hub.Post(new Command(command), force);

    private sealed class Command(Action<ICandleTail> command) : IHubCommand
    {
        public void Run(HubView view) => command(new Tail(view));
    }

    private sealed class Tail(HubView view) : ICandleTail
    {
        public string LogId => view.LogId;

        public int PartitionOf(CandleSeries series) => view.PartitionOf(series);

        public long PositionOf(int partition) => view.PositionOf(TopicKind.Candles, partition);

        public IReadOnlyList<StreamRecord> CandlesAfter(CandleSeries series, int partition, long offset) =>
            view.CandlesAfter(series, partition, offset);

        public void Release(int partition, long offset) => view.ReleaseCandles(partition, offset);
    }
}
