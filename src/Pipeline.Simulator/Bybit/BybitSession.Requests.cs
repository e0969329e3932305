using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Bybit;

/// <summary>The control protocol: one answer per request, which succeeds or fails as a whole.</summary>
internal sealed partial class BybitSession
{
    private void Answer(BybitRequest request)
    {
        switch (request.Operation)
        {
            case "ping":
                Connection.Send(Opcode.Text, BybitReply.Pong(request.Id, Number));
                break;
            case "subscribe":
                AnswerSubscribe(request);
                break;
            case "unsubscribe":
                AnswerUnsubscribe(request);
                break;
            default:
                Refuse(request, "error:invalid op");
                break;
        }
    }

    private void AnswerSubscribe(BybitRequest request)
    {
        if (Check(request) is { } problem)
        {
            Refuse(request, problem);
            return;
        }

        // The answer goes before the data.
        Connection.Append(Opcode.Text, BybitReply.Result(true, "subscribe", "subscribe", request.Id, Number));
        lock (_gate)
        {
            foreach (var name in request.Args!)
            {
                var topic = _directory.FindTopic(name)!;
                if (!_ended && _topics.TryAdd(name, topic))
                {
                    topic.Add(this);
                }
            }
        }

        Connection.Wake();
    }

    private void AnswerUnsubscribe(BybitRequest request)
    {
        if (CheckArgs(request) is { } problem)
        {
            Refuse(request, problem);
            return;
        }

        lock (_gate)
        {
            foreach (var name in request.Args!)
            {
                if (_topics.Remove(name, out var topic))
                {
                    topic.Subscribers.Remove(this);
                }
            }
        }

        Connection.Send(Opcode.Text, BybitReply.Result(true, "", "unsubscribe", request.Id, Number));
    }

    private string? Check(BybitRequest request)
    {
        if (CheckArgs(request) is { } problem)
        {
            return problem;
        }

        lock (_gate)
        {
            var args = request.Args!;
            return args.FirstOrDefault(_topics.ContainsKey) is { } known ? $"error:already subscribed,topic:{known}"
                : _topics.Keys.Sum(name => name.Length) + args.Sum(name => name.Length) > BybitLimits.ArgsCharacters
                    ? $"error:args length exceeds {BybitLimits.ArgsCharacters}"
                : null;
        }
    }

    private string? CheckArgs(BybitRequest request) =>
        request.Args is not { Count: > 0 } args ? "error:args is empty"
        : args.Count > BybitLimits.ArgsPerRequest ? $"args size >{BybitLimits.ArgsPerRequest}"
        : args.FirstOrDefault(name => _directory.FindTopic(name) is null) is { } unknown ? $"error:handler not found,topic:{unknown}"
        : null;

    private void Refuse(BybitRequest request, string message) =>
        Connection.Send(Opcode.Text, BybitReply.Result(false, message, request.Operation, request.Id, Number));
}
