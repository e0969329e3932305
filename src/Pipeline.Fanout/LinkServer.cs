using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Pipeline.Fanout.Sockets;

namespace Pipeline.Fanout;

/// <summary>
/// All links of a process: takes them over from the listener, sweeps over them, counts them. One timer serves all.
/// <para>
/// Use: <c>listenOptions.UseLinks(server)</c> on Kestrel's end point (after <c>UseHttps</c> where that is used), and
/// <c>app.UseLinks(server)</c> for handshakes that come as a later request of a connection.
/// </para>
/// </summary>
public sealed partial class LinkServer : IDisposable
{
    private readonly IReadOnlyList<ILinkGate> _gates;
    private readonly ConcurrentDictionary<long, ClientLink> _links = new();
    private readonly ConcurrentDictionary<Action, (int Since, bool HasBegun)> _heads = new();
    private readonly ITimer _timer;
    private readonly int _headTicks;
    private WarmUp? _warmUp;
    private long _lastId;
    private int _tick;
    private int _sweeping;

    /// <param name="gates">Asked in turn; the first that takes or refuses a handshake decides.</param>
    public LinkServer(IReadOnlyList<ILinkGate> gates, TimeProvider timeProvider, LinkServerOptions? options = null)
    {
        _gates = gates;
        TimeProvider = timeProvider;
        Options = options ?? new LinkServerOptions();
        Pump = new Pump(Options.Pumps, timeProvider);
        SecondsPerTick = Options.SweepInterval.TotalSeconds;
        _headTicks = TicksIn(Options.HeadTimeout);
        _timer = timeProvider.CreateTimer(_ => Sweep(), null, Options.SweepInterval, Options.SweepInterval);
    }

    /// <summary>Links there are now.</summary>
    public int Count => _links.Count;

    /// <summary>The links there are now; a moving picture.</summary>
    public IEnumerable<ClientLink> Links => _links.Select(pair => pair.Value);

    /// <summary>Connections whose first request has begun and is not whole yet.</summary>
    internal int HeadsBegun => _heads.Values.Count(head => head.HasBegun);

    internal LinkServerOptions Options { get; }

    internal TimeProvider TimeProvider { get; }

    internal Pump Pump { get; }

    internal double SecondsPerTick { get; }

    /// <summary>
    /// Number of the sweep. Ages are counted in sweeps, not read off a clock: so that a standstill of this process is not taken for the
    /// slowness of its clients.
    /// </summary>
    internal int Tick => Volatile.Read(ref _tick);

    /// <summary>
    /// Goes once through all that a client's life needs, with clients of its own, so that the first real ones find it ready. Takes about a
    /// second the first time in a process; does nothing where that does not work.
    /// </summary>
    /// <param name="endPoint">A plain end point that was opened with <c>UseLinks</c>.</param>
    public async Task WarmUpAsync(IPEndPoint endPoint, CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            _warmUp = new WarmUp();
            await _warmUp.RunAsync(endPoint, either.Token);
            await _warmUp.Ended.WaitAsync(either.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // It was only for speed.
        }

        _warmUp = null;
    }

    /// <summary>Closes every link, each after what waits for it.</summary>
    public void CloseAll(int code, string reason)
    {
        foreach (var link in Links)
        {
            link.Close(code, reason);
        }
    }

    /// <summary>Lets go everything that maximum rates hold back, for all.</summary>
    /// <returns>Clients that had something waiting; messages and bytes that waited.</returns>
    public (int Clients, long Messages, long Bytes) Flush()
    {
        var (clients, messages, bytes) = (0, 0L, 0L);
        foreach (var link in Links)
        {
            var waited = link.Flush();
            clients += waited.Messages > 0 ? 1 : 0;
            messages += waited.Messages;
            bytes += waited.Bytes;
        }

        return (clients, messages, bytes);
    }

    /// <summary>For a memory guard: cuts those for whom most waits, until no more than <paramref name="bytes"/> wait in all.</summary>
    /// <returns>Links cut.</returns>
    public int CutSlowest(long bytes, LinkClosure closure)
    {
        var slowest = Links.Select(link => (Link: link, Bytes: link.WaitingBytes)).Where(entry => entry.Bytes > 0).OrderByDescending(entry => entry.Bytes).ToList();
        var waiting = slowest.Sum(entry => entry.Bytes);
        var cut = 0;
        foreach (var entry in slowest)
        {
            if (waiting <= bytes)
            {
                break;
            }

            entry.Link.Cut(closure);
            waiting -= entry.Bytes;
            cut++;
        }

        return cut;
    }

    /// <summary>Stops writing and sweeping. Close the links before.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Pump.Dispose();
    }

    /// <summary>Asks the gates.</summary>
    /// <param name="address">Who asks: the peer, or whom a proxy names.</param>
    internal LinkDecision Decide(UpgradeRequest request, out IPAddress address)
    {
        if (_warmUp?.Decide(request) is { } ours)
        {
            address = request.Address;
            return ours;
        }

        address = Options.ClientAddress?.Invoke(request) ?? request.Address;
        var asked = address == request.Address ? request : request with { Address = address };
        foreach (var gate in _gates)
        {
            var decision = gate.Decide(asked);
            if (decision.Handler is not null || decision.Status != 0)
            {
                CountHandshake(decision.Status);
                return decision;
            }
        }

        return LinkDecision.NotOurs;
    }

    /// <summary>Sets what a client's socket holds in the kernel; does nothing where the client is gone already, whose link has yet to be told so.</summary>
    internal void LimitKernel(Socket? socket)
    {
        if (socket is null || Options.SocketSendBufferBytes <= 0)
        {
            return;
        }

        try
        {
            socket.SendBufferSize = Options.SocketSendBufferBytes;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // Who was let in must be let out again: the link is opened all the same, and ends at its first read.
        }
    }

    /// <inheritdoc cref="ClientLink(LinkServer, long, IPAddress, LinkTransport, LinkDecision, bool, byte[])"/>
    internal ClientLink Open(LinkTransport transport, LinkDecision decision, IPAddress address, bool compress, byte[]? answer = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var link = new ClientLink(this, id, address, transport, decision, compress, answer);
        _links[id] = link;
        return link;
    }

    /// <summary>Sweeps in a time, at least one; zero for a time that is zero.</summary>
    internal int TicksIn(TimeSpan time) => time <= TimeSpan.Zero ? 0 : (int)Math.Clamp(Math.Ceiling(time / Options.SweepInterval), 1, int.MaxValue / 4);

    internal TimeSpan TimeOf(int ticks) => Options.SweepInterval * ticks;

    /// <summary>A head of a request is waited for; <paramref name="giveUp"/> is called when that takes too long.</summary>
    internal void AwaitHead(Action giveUp, bool hasBegun) =>
        _heads.AddOrUpdate(giveUp, (Tick, hasBegun), (_, head) => (head.Since, hasBegun));

    internal void HeadCame(Action giveUp) => _heads.TryRemove(giveUp, out _);

    private void Sweep()
    {
        // A sweep that takes longer than its interval is not run twice at a time.
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        try
        {
            var tick = Interlocked.Increment(ref _tick);
            foreach (var (_, link) in _links)
            {
                link.Sweep(tick);
            }

            foreach (var (giveUp, head) in _heads)
            {
                if (tick - head.Since > _headTicks && _heads.TryRemove(giveUp, out _))
                {
                    giveUp();
                }
            }
        }
        finally
        {
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
