using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Core.Feeds;

/// <summary>
/// One socket from the connection attempt to its end. Ends when the venue closes, when the connection breaks, or by
/// <see cref="End"/>: politely with a close, and by force when the venue does not answer it in time.
/// </summary>
internal sealed class ConnectionLife : IDisposable
{
    /// <summary>How long the venue may take to answer our close.</summary>
    internal static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _aborted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IFeedSocket? _socket;
    private int _endReason = -1;

    public ConnectionLife(TimeProvider time)
    {
        _time = time;
        StartedAt = time.GetTimestamp();
    }

    /// <summary>Timestamp of the handshake, of the attempt before it.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Number of the socket; 0 before it is open.</summary>
    public long Socket { get; private set; }

    public bool IsConnected => _socket is not null && !_ended.Task.IsCompleted;

    /// <summary>Completes when the socket is gone and nothing of this life runs any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>What it reads from; null while it is not open yet.</summary>
    public IFeedSocket? Wire => _socket;

    private DisconnectionReason? EndReason =>
        Volatile.Read(ref _endReason) is var reason and >= 0 ? (DisconnectionReason)reason : null;

    /// <summary>
    /// Connects, as soon as the gate lets it. Throws <see cref="FeedConnectException"/> on failure and
    /// <see cref="OperationCanceledException"/> after <see cref="End"/>.
    /// </summary>
    public async Task ConnectAsync(IFeedTransport transport, Uri address, WebSocketOptions options, IConnectGate? gate = null)
    {
        if (gate is not null)
        {
            await gate.PassAsync(_aborted.Token);
            StartedAt = _time.GetTimestamp();
        }

        using var timeout = new CancellationTokenSource(options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _aborted.Token);
        try
        {
            var socket = await transport.ConnectAsync(address, options, either.Token);
            Socket = FrameReceiver.NextSocket();

            // A full fence: either End sees the socket or the check below sees its reason.
            Interlocked.Exchange(ref _socket, socket);
            StartedAt = _time.GetTimestamp();
        }
        catch (OperationCanceledException cancelled) when (timeout.IsCancellationRequested && !_aborted.IsCancellationRequested)
        {
            throw new FeedConnectException(
                DisconnectionReason.Timeout,
                $"No connection to {address} within {options.ConnectTimeout.TotalSeconds:0.###} s (connect timeout).",
                inner: cancelled);
        }

        if (EndReason is not null)
        {
            throw new OperationCanceledException();
        }
    }

    /// <summary>Receives until the end and tells how it came; does not throw.</summary>
    public async Task<DisconnectionInfo> ReceiveAsync(
        FeedSource source,
        IObserver<FrameBatch> observer,
        FrameBatchPool pool,
        TimeProvider marketClock,
        PipelineMetrics metrics,
        int maxFrameBytes)
    {
        Exception? error = null;
        var receiver = new FrameReceiver(_socket!, source, observer, pool, marketClock, metrics, maxFrameBytes, Socket);
        try
        {
            await receiver.RunAsync(_aborted.Token);
            await AnswerCloseAsync();
        }
        catch (Exception broken)
        {
            error = broken;
        }

        var reason = EndReason ?? (error is null ? DisconnectionReason.ClosedByVenue : DisconnectionReason.Aborted);
        return new DisconnectionInfo(
            reason, true, _socket!.CloseStatus, _socket.CloseDescription, null, _time.GetElapsedTime(StartedAt), error)
        {
            LastFrame = receiver.LastFrame,
        };
    }

    /// <summary>How a failed attempt is told.</summary>
    public DisconnectionInfo DescribeFailure(Exception error)
    {
        var connect = error as FeedConnectException;
        return new DisconnectionInfo(
            EndReason ?? connect?.Reason ?? DisconnectionReason.Network, false, null, null, connect?.HttpStatus,
            _time.GetElapsedTime(StartedAt), error)
        {
            RetryAfter = connect?.RetryAfter,
        };
    }

    /// <summary>Sends one message after those before it; false when the connection is gone.</summary>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        await _sending.WaitAsync(cancellation);
        try
        {
            if (_socket is not { } socket || EndReason is not null)
            {
                return false;
            }

            await socket.SendAsync(message, cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // A socket that cannot send is broken; its receive loop finds out by itself and tells the cause.
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Ends this life; the first reason counts. Returns at once, <see cref="Ended"/> tells when it is over.</summary>
    public void End(DisconnectionReason reason)
    {
        if (Interlocked.CompareExchange(ref _endReason, (int)reason, -1) != -1)
        {
            return;
        }

        if (_socket is { } socket)
        {
            _ = CloseAsync(socket);
        }
        else
        {
            _aborted.Cancel();
        }
    }

    /// <summary>The same, for a life that is connected; any other goes on.</summary>
    public void EndOpen(DisconnectionReason reason)
    {
        if (IsConnected)
        {
            End(reason);
        }
    }

    /// <summary>To be called once, when nothing of this life runs any more.</summary>
    public void Dispose()
    {
        _socket?.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>A venue's close is answered, as the protocol wants; ours needs no answer to its answer.</summary>
    private async Task AnswerCloseAsync()
    {
        if (EndReason is not null)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(CloseTimeout, _time);
        try
        {
            await SendCloseAsync(_socket!, deadline.Token);
        }
        catch (Exception)
        {
            // It did not wait for the answer.
        }
    }

    private async Task SendCloseAsync(IFeedSocket socket, CancellationToken deadline)
    {
        // A socket sends one message at a time. Where a send is stuck the deadline ends the wait.
        await _sending.WaitAsync(deadline);
        try
        {
            await socket.CloseAsync(deadline);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task CloseAsync(IFeedSocket socket)
    {
        using var deadline = new CancellationTokenSource(CloseTimeout, _time);
        try
        {
            await SendCloseAsync(socket, deadline.Token);
            await _ended.Task.WaitAsync(deadline.Token);
        }
        catch (Exception)
        {
            // Not closed politely in time, or already broken: dropped either way.
            Drop(socket);
        }
    }

    /// <summary>Not on another thread, as an asynchronous cancellation would: what waits for it goes on at once.</summary>
    private void Drop(IFeedSocket socket)
    {
        _aborted.Cancel();
        socket.Abort();
    }
}
