using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Fanout;
using Pipeline.Gateway.Diagnostics;
using Pipeline.Gateway.Http;
using Pipeline.Gateway.Http.Bodies;
using Pipeline.Gateway.Hub;
using Pipeline.Gateway.WebSockets;

namespace Pipeline.Gateway.Hosting;

/// <summary>
/// What a gateway does once a second: looks at its memory, its rates, and whether it has become ready. One timer for all of it.
/// </summary>
internal sealed class GatewayPulse : IMemoryRelief, IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly GatewayHub _hub;
    private readonly LinkServer _links;
    private readonly IReadOnlyList<IGatewayService> _services;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<long> _readMemory;
    private readonly MemoryGuard _guard;
    private readonly LastError _errors;
    private readonly RateMeter _records = new();
    private readonly RateMeter _messages = new();
    private readonly RateMeter _bytes = new();
    private readonly RateMeter _connects = new();
    private readonly RateMeter _cpu = new();
    private ITimer? _timer;
    private long _memory;
    private long _seenRecords;
    private long _lastRecord;
    private int _beating;
    private bool _wasReady;

    /// <param name="memory">Reads the working set, bytes.</param>
    /// <param name="limit">Of it, bytes.</param>
    public GatewayPulse(
        GatewayHub hub, LinkServer links, IReadOnlyList<IGatewayService> services, Func<long> memory, long limit, PipelineMetrics metrics, LastError errors, TimeProvider time, ILogger log)
    {
        (_hub, _links, _services, _time, _log, _readMemory, _errors) = (hub, links, services, time, log, memory, errors);
        _guard = new MemoryGuard(limit, () => Memory, this, metrics, log);
        _memory = memory();
    }

    /// <summary>Working set at the last look, bytes.</summary>
    public long Memory => Volatile.Read(ref _memory);

    public bool IsMemoryTight => _guard.IsTight;

    /// <summary>Cores in use.</summary>
    public double Cpu => Math.Round(_cpu.PerSecond, 3);

    public LastErrorBody? LastError => _errors.Newest;

    public RatesBody Rates => new(
        Math.Round(_records.PerSecond, 1), Math.Round(_messages.PerSecond, 1), Math.Round(_bytes.PerSecond, 1), Math.Round(_connects.PerSecond, 1));

    public void Start() => _timer = _time.CreateTimer(_ => Beat(), null, Period, Period);

    /// <summary>When a record last came, within a second, or a client last sent something; microseconds since the Unix epoch.</summary>
    /// <param name="lastMessage">Ticks; 0 = never.</param>
    public long? LastActivity(long lastMessage)
    {
        var ticks = Math.Max(Volatile.Read(ref _lastRecord), lastMessage);
        return ticks == 0 ? null : (ticks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    void IMemoryRelief.Flush() => _links.Flush();

    void IMemoryRelief.Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    (int Clients, long Bytes) IMemoryRelief.Shed(long bytes)
    {
        // Those that poll first: what waits for them waits for their next question anyway.
        var (clients, freed) = (0, 0L);
        foreach (var service in _services)
        {
            var polled = service.PollingBytes;
            clients += polled == 0 || freed >= bytes ? 0 : service.ShedPolling(Math.Max(0, polled - (bytes - freed)));
            freed += polled - service.PollingBytes;
        }

        var before = _links.WaitingBytes;
        clients += before == 0 || freed >= bytes ? 0 : _links.CutSlowest(Math.Max(0, before - (bytes - freed)), CloseCodes.MemoryShed.Closure);
        return (clients, clients == 0 ? 0 : freed + before - _links.WaitingBytes);
    }

    /// <summary>One look; not two at a time, however long one takes.</summary>
    internal void Beat()
    {
        if (Interlocked.Exchange(ref _beating, 1) != 0)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _memory, _readMemory());
            Measure();
            _guard.Check();
            TellReadiness();
        }
        catch (Exception fault)
        {
            // A timer's exception would end the process.
            _errors.Tell("INTERNAL", "a look at the figures failed");
            GatewayLog.RequestFailed(_log, "pulse", fault);
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }

    private void Measure()
    {
        var now = _time.GetTimestamp();
        var totals = _links.Totals();
        var records = _hub.Counts.Records;
        if (records != _seenRecords)
        {
            _seenRecords = records;
            Volatile.Write(ref _lastRecord, _time.GetUtcNow().Ticks);
        }

        _records.Look(records, now, _time);
        _messages.Look(totals.MessagesSent, now, _time);
        _bytes.Look(totals.BytesSent, now, _time);
        _connects.Look(_links.Opened, now, _time);
        _cpu.Look(Environment.CpuUsage.TotalTime.TotalSeconds, now, _time);
    }

    private void TellReadiness()
    {
        var isReady = _hub.IsCaughtUp;
        if (isReady == _wasReady)
        {
            return;
        }

        _wasReady = isReady;
        if (isReady)
        {
            GatewayLog.Ready(_log);
        }
        else
        {
            GatewayLog.NotReady(_log, "another log is being read");
        }
    }
}
