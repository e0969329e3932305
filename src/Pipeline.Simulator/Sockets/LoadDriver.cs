using Microsoft.Extensions.Logging;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Sockets;

/// <summary>
/// Moves the world in load mode: as many events as clients take, at the time they happen. Between bursts it looks at the outboxes, so
/// that memory is bounded by what they may hold.
/// </summary>
internal sealed class LoadDriver : IAsyncDisposable
{
    // Some hundred kilobytes over a handful of symbols: small against what an outbox may hold, large against a look at it.
    private const int EventsPerBurst = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly MarketWorld _world;
    private readonly ConnectionTable _connections;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public LoadDriver(MarketWorld world, ConnectionTable connections, TimeProvider clock, ILogger log)
    {
        _world = world;
        _connections = connections;
        _clock = clock;
        _log = log;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var gate = new LoadGate(_clock);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                if (gate.IsOpen(_connections.Open))
                {
                    _world.Burst(EventsPerBurst);
                }
                else
                {
                    _world.Burst(0);
                    await Task.Delay(Pause, _clock, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator ends.
        }
        catch (Exception e)
        {
            // Nobody awaits this before the end: the log is where it can be seen.
            _log.LoadFailed(e);
        }
    }
}
