using Pipeline.Core.Diagnostics;
using Pipeline.Core.Topology;
using Pipeline.Fanout;
using Pipeline.Gateway.Hub;

namespace Pipeline.Gateway.Hosting;

/// <summary>What a gateway is made of.</summary>
internal sealed record GatewaySetup
{
    public GatewayOptions Options { get; init; } = new();

    /// <summary>Where it listens besides <see cref="GatewayOptions.Listen"/>: the same application, with the same scheme.</summary>
    public IReadOnlyList<Uri> AlsoListen { get; init; } = [];

    public required IRecordSource Source { get; init; }

    public required PipelineMetrics Metrics { get; init; }

    /// <summary>Exports of figures and traces that failed, by what was to be sent.</summary>
    public Func<IEnumerable<(string Signal, long Count)>> ExportFailures { get; init; } = static () => [];

    /// <summary>What is served besides <c>/ws</c> and the HTTP API: candle service, datafeed, history. They are disposed of with the gateway.</summary>
    public IReadOnlyList<IGatewayService> Services { get; init; } = [];

    /// <summary>Folder of the built page; null = there is none, and <c>/</c> says what there is.</summary>
    public string? PageFolder { get; init; }

    /// <summary>Candles are kept until a history has them.</summary>
    public bool KeepCandles { get; init; }

    /// <summary>Age of the oldest waiting message at which a client is cut as slow.</summary>
    public TimeSpan MaxAge { get; init; } = LinkOptions.Default.MaxAge;

    /// <summary>Reads the working set, bytes.</summary>
    public Func<long> Memory { get; init; } = () => Environment.WorkingSet;
}
