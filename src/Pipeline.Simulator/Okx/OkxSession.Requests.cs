using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Okx;

/// <summary>The control protocol: one answer per argument, in no particular order.</summary>
internal sealed partial class OkxSession
{
    private void Answer(OkxRequest request)
    {
        if (!_budget.TryTake())
        {
            Send(Opcode.Text, OkxReply.Error(OkxError.TooFrequent, request.Id, Number));
            return;
        }

        if (request.Operation == "login")
        {
            Send(Opcode.Text, OkxReply.Error(OkxError.BadKey, request.Id, Number));
            return;
        }

        foreach (var arg in Shuffle(request.Args))
        {
            AnswerOne(request, arg);
        }

        NotePush();
        Connection.Wake();
    }

    private void AnswerOne(OkxRequest request, OkxArg arg)
    {
        if (_directory.Find(arg, _endpoint, out var error) is not { } channel)
        {
            Connection.Append(Opcode.Text, OkxReply.Error(error!, request.Id, Number));
            return;
        }

        // The answer goes before the data.
        Connection.Append(Opcode.Text, OkxReply.Ack(request.Operation, arg, request.Id, Number));
        if (request.Operation == "subscribe")
        {
            Subscribe(arg, channel);
        }
        else
        {
            Unsubscribe(arg);
        }
    }

    /// <summary>What is subscribed already is left as it is: above all there is no second snapshot of a book.</summary>
    private void Subscribe(OkxArg arg, OkxChannel channel)
    {
        lock (_gate)
        {
            if (!_ended && _channels.TryAdd(arg, channel))
            {
                channel.Add(this);
                _hasSubscribed = true;
            }
        }
    }

    private void Unsubscribe(OkxArg arg)
    {
        lock (_gate)
        {
            if (_channels.Remove(arg, out var channel))
            {
                channel.Subscribers.Remove(this);
            }
        }
    }

    private OkxArg[] Shuffle(IReadOnlyList<OkxArg> args)
    {
        OkxArg[] shuffled = [.. args];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var other = (int)_random.Below(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
