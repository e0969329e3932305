using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;
using Pipeline.Gateway.Http.Bodies;

namespace Pipeline.Gateway.Http;

/// <summary>Remembers the newest error, and counts them all. For any thread.</summary>
internal sealed class LastError(PipelineMetrics metrics, TimeProvider time)
{
    private LastErrorBody? _newest;

    public LastErrorBody? Newest => Volatile.Read(ref _newest);

    /// <param name="message">Of ours: nothing a client sent.</param>
    public void Tell(string code, string message)
    {
        metrics.GatewayError(code);
        Volatile.Write(ref _newest, new LastErrorBody(message, MarketTime.Now(time)));
    }
}
