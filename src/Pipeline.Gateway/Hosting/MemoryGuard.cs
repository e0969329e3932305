using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Gateway.Diagnostics;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// Keeps the process below its limit. Above it, one measure a second, the mildest first: what waits is written out; unused memory is given
/// back; then the clients for whom most waits are let go, as many as the excess asks for. Meanwhile nobody new is let in.
/// </summary>
/// <param name="limit">Bytes.</param>
/// <param name="memory">Reads the working set, bytes.</param>
internal sealed class MemoryGuard(long limit, Func<long> memory, IMemoryRelief relief, PipelineMetrics metrics, ILogger log)
{
    private int _seconds;

    /// <summary>Whether the last look found it above the limit.</summary>
    public bool IsTight => Volatile.Read(ref _seconds) > 0;

    /// <summary>One look; called once a second.</summary>
    public void Check()
    {
        var now = memory();
        if (now <= limit)
        {
            if (IsTight)
            {
                Volatile.Write(ref _seconds, 0);
                GatewayLog.MemoryFine(log, now);
            }

            return;
        }

        metrics.GatewayMemoryExceeded();
        Volatile.Write(ref _seconds, _seconds + 1);
        switch (_seconds)
        {
            case 1:
                GatewayLog.MemoryExceeded(log, now, limit);
                relief.Flush();
                break;
            case 2:
                relief.Collect();
                break;
            default:
                Shed(now);
                break;
        }
    }

    private void Shed(long now)
    {
        var (clients, bytes) = relief.Shed(now - limit);
        if (clients > 0)
        {
            metrics.GatewayShed(clients);
            GatewayLog.ClientsShed(log, now, clients, bytes);
            relief.Collect();
        }
    }
}
