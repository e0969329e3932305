using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Kafka.Embedded;

/// <summary>Gives the broker a fixed port: every connection accepted there is forwarded to where it really listens.</summary>
internal sealed class TcpForwarder : IDisposable
{
    private const int Backlog = 128;

    // Two threads each.
    private const int MaxConnections = 256;
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<ForwardedConnection, bool> _connections = new();
    private readonly IPEndPoint _target;
    private readonly TimeSpan _drainTimeout;
    private readonly TimeProvider _clock;
    private readonly IPEndPoint _endPoint;
    private volatile Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _total;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Takes the port; connections are refused until <see cref="Up"/>.</summary>
    /// <exception cref="KafkaClientException">The port is taken.</exception>
    public TcpForwarder(IPEndPoint listen, IPEndPoint target, TimeSpan drainTimeout, TimeProvider clock)
    {
        _target = target;
        _drainTimeout = drainTimeout;
        _clock = clock;
        _endPoint = listen;
        _listener = Bind();
        _endPoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public int Port => _endPoint.Port;

    public int ActiveConnections => _connections.Count;

    public long TotalConnections => Interlocked.Read(ref _total);

    public long BytesIn => Interlocked.Read(ref _bytesIn);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Accepts connections; does nothing when it does already.</summary>
    public void Up()
    {
        if (!_accepting.IsCompleted)
        {
            return;
        }

        _listener ??= Bind();
        _listener.Listen(Backlog);
        var listener = _listener;
        _accepting = Blocking.RunAsync(() =>
        {
            Accept(listener);
            return true;
        });
    }

    /// <summary>Refuses connections and ends those there are, each as soon as its answers are through.</summary>
    public async Task DownAsync()
    {
        await CloseAsync();
        var open = _connections.Keys.ToList();
        open.ForEach(connection => connection.Drain());
        await Task.WhenAll(open.Select(connection => connection.Ended));

        // Each takes itself out when it has ended, but a moment later; who waited for the end may count at once.
        open.ForEach(connection => _connections.TryRemove(connection, out _));
    }

    /// <summary>Keeps the answers of the connections there are now; later ones are not touched.</summary>
    public void HoldAnswers()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.HoldAnswers();
        }
    }

    public void LetAnswersGo()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.LetAnswersGo();
        }
    }

    /// <summary>Gives the port back and ends every connection at once.</summary>
    public async Task AbortAsync()
    {
        await CloseAsync();
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }
    }

    /// <summary>Gives the port back; for a forwarder that never went up.</summary>
    public void Dispose() => _listener?.Dispose();

    public void CountIn(int bytes) => Interlocked.Add(ref _bytesIn, bytes);

    public void CountOut(int bytes) => Interlocked.Add(ref _bytesOut, bytes);

    private async Task CloseAsync()
    {
        var listener = _listener;
        _listener = null;
        listener?.Dispose();
        await _accepting;
    }

    private Socket Bind()
    {
        var socket = new Socket(_endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(_endPoint);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new KafkaClientException(
                $"The embedded broker cannot listen on {_endPoint}: {exception.Message}. "
                + "Is another one running? Stop it, or set another port in kafka.bootstrapServers.",
                exception);
        }
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            try
            {
                var client = listener.Accept();
                Interlocked.Increment(ref _total);
                if (_connections.Count >= MaxConnections)
                {
                    client.Dispose();
                    continue;
                }

                var connection = new ForwardedConnection(client, this, _drainTimeout, _clock);
                _connections[connection] = true;
                _ = ForwardAsync(connection);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                if (_listener != listener)
                {
                    return;
                }

                // The process is short of sockets; some will be given back.
                Thread.Sleep(AcceptRetry);
            }
        }
    }

    private async Task ForwardAsync(ForwardedConnection connection)
    {
        await connection.RunAsync(_target);
        _connections.TryRemove(connection, out _);
    }
}
