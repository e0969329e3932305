using System.Net;
using System.Net.Sockets;

namespace Pipeline.Kafka.Embedded;

/// <summary>
/// One client connection and its counterpart to the broker, pumped by two threads of its own with blocking sockets: fewer wake-ups per
/// request than asynchronous ones, and a busy thread pool in the same process cannot hold the broker up. At most one buffer per
/// direction is in hand: a slow side holds up the other through TCP. Requests and answers are counted, because the broker forgets the
/// answers of a connection that ends.
/// </summary>
internal sealed class ForwardedConnection(Socket client, TcpForwarder owner, TimeSpan drainTimeout, TimeProvider clock) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly Lock _gate = new();
    private readonly Socket _broker = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ManualResetEventSlim _mayAnswer = new(true);
    private readonly TaskCompletionSource _drainAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _requests;
    private long _answers;
    private bool _draining;

    /// <summary>Completes when both sockets are closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Runs until either side ends or is told to. Never throws.</summary>
    public async Task RunAsync(IPEndPoint target)
    {
        try
        {
            client.NoDelay = true;

            // Loopback: connecting does not block.
            _broker.Connect(target);
            var requests = PumpAsync(PumpRequests, "embedded-broker-requests");
            var answers = PumpAsync(PumpAnswers, "embedded-broker-answers");
            await Task.WhenAny(requests, answers, _drainAsked.Task);

            // What the broker has still to say goes through, for a while.
            BeginDraining();
            await Task.WhenAny(answers, _answered.Task, Task.Delay(drainTimeout, clock));

            // Closing over bytes that were not read would tell the client to throw its last answers away: let it end first.
            client.Shutdown(SocketShutdown.Send);
            await Task.WhenAny(requests, Task.Delay(drainTimeout, clock));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side has gone; closing tells the other.
        }
        finally
        {
            Dispose();
            _ended.TrySetResult();
        }
    }

    /// <summary>Takes no further request; the connection ends when every request taken has its answer.</summary>
    public void Drain() => _drainAsked.TrySetResult();

    /// <summary>Requests go on, their answers stay here.</summary>
    public void HoldAnswers() => _mayAnswer.Reset();

    public void LetAnswersGo() => _mayAnswer.Set();

    /// <summary>Ends at once.</summary>
    public void Dispose()
    {
        _mayAnswer.Set();
        client.Dispose();
        _broker.Dispose();
    }

    private static Task PumpAsync(Action pump, string name)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                pump();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // One side has gone; RunAsync ends the other.
            }

            done.TrySetResult();
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return done.Task;
    }

    private void PumpRequests()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var counter = default(FrameCounter);
        int length;
        while ((length = client.Receive(buffer)) > 0)
        {
            if (Accept(ref counter, buffer.AsSpan(0, length)))
            {
                // Before it is sent: who has the answer may look at the count.
                owner.CountIn(length);
                Send(_broker, buffer.AsSpan(0, length));
            }
        }
    }

    private void PumpAnswers()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        var counter = default(FrameCounter);
        int length;
        while ((length = _broker.Receive(buffer)) > 0)
        {
            _mayAnswer.Wait();
            owner.CountOut(length);
            Send(client, buffer.AsSpan(0, length));
            counter.Add(buffer.AsSpan(0, length));
            lock (_gate)
            {
                _answers = counter.Frames;
                CheckAnswered();
            }
        }
    }

    private void BeginDraining()
    {
        lock (_gate)
        {
            _draining = true;
            CheckAnswered();
        }
    }

    /// <summary>Counts before the bytes are sent, so that no answer comes before its request; false when they are not wanted.</summary>
    private bool Accept(ref FrameCounter counter, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_draining)
            {
                return false;
            }

            counter.Add(bytes);
            _requests = counter.Frames;
            return true;
        }
    }

    private void CheckAnswered()
    {
        if (_draining && _answers >= _requests)
        {
            _answered.TrySetResult();
        }
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }
}
