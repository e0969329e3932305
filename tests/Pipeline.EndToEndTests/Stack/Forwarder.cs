using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// A way between a client and a port of this machine that can become a black hole: whatever goes in is gone, and neither side is told.
/// Connections that were there when it began never come back, as where a router forgot them; those that are tried meanwhile are taken and
/// get no answer.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Way, bool> _ways = new();
    private readonly Task _accepting;
    private volatile bool _isBlackHole;

    public Forwarder(int target)
    {
        _target = target;
        Port = FreePort.Next();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients find it.</summary>
    public int Port { get; }

    /// <summary>Everything that goes in is swallowed from now on.</summary>
    public void Swallow()
    {
        _isBlackHole = true;
        foreach (var way in _ways.Keys)
        {
            way.IsDead = true;
        }
    }

    /// <summary>Who connects from now on gets through.</summary>
    public void Restore() => _isBlackHole = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var way = new Way();
        _ways.TryAdd(way, true);
        way.IsDead |= _isBlackHole;
        using var venue = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                if (way.IsDead)
                {
                    await CopyAsync(client, venue, way);
                    return;
                }

                await venue.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await Task.WhenAny(CopyAsync(client, venue, way), CopyAsync(venue, client, way));

                // The end of a side is swallowed too.
                await (way.IsDead ? Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token) : Task.CompletedTask);
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // Nobody listens behind it, or the test is over.
            }
        }
    }

    /// <summary>Ends when one of the two does.</summary>
    private async Task CopyAsync(TcpClient from, TcpClient to, Way way)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is var count and > 0)
            {
                if (!way.IsDead)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
                }
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the two left.
        }
    }

    /// <summary>One connection through it.</summary>
    private sealed class Way
    {
        private volatile bool _isDead;

        public bool IsDead
        {
            get => _isDead;
            set => _isDead = value;
        }
    }
}
