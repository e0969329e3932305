using System.Text.Json;

namespace Pipeline.Simulator.Binance;

/// <summary>The control protocol.</summary>
internal sealed partial class BinanceSession
{
    private const string CombinedProperty = "combined";

    private RequestError? Answer(BinanceRequest request) => request.Method switch
    {
        "SUBSCRIBE" => AnswerSubscribe(request),
        "UNSUBSCRIBE" => AnswerUnsubscribe(request),
        "LIST_SUBSCRIPTIONS" => Send(BinanceReply.Names(Streams, request.Id)),
        "SET_PROPERTY" => AnswerSetProperty(request),
        _ => AnswerGetProperty(request),
    };

    private RequestError? AnswerSubscribe(BinanceRequest request)
    {
        if (!TryReadNames(request, out var names, out var error) || (error = Check(names)) is not null)
        {
            return error;
        }

        // The answer goes before the data, and is sent only when the data would follow: who has it may rely on it.
        Connection.Append(Opcode.Text, BinanceReply.Null(request.Id));
        Subscribe(names);
        _replay?.OnRequest(subscribed: true);
        Connection.Wake();
        return null;
    }

    private RequestError? AnswerUnsubscribe(BinanceRequest request)
    {
        if (!TryReadNames(request, out var names, out var error))
        {
            return error;
        }

        if (!names.All(StreamName.IsWellFormed))
        {
            return RequestError.InvalidStream;
        }

        lock (_gate)
        {
            foreach (var name in names)
            {
                if (_streams.Remove(name, out var stream))
                {
                    stream?.Remove(this);
                }
            }
        }

        return Send(BinanceReply.Null(request.Id));
    }

    private RequestError? AnswerSetProperty(BinanceRequest request)
    {
        if (ReadProperty(request, most: 2, out var parameters) is { } error)
        {
            return error;
        }

        if (parameters.Length < 2 || parameters[1].ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return RequestError.NotBoolean;
        }

        _combined = parameters[1].GetBoolean();
        return Send(BinanceReply.Null(request.Id));
    }

    private RequestError? AnswerGetProperty(BinanceRequest request) =>
        ReadProperty(request, most: 1, out _) ?? Send(BinanceReply.Flag(_combined, request.Id));

    private static RequestError? ReadProperty(BinanceRequest request, int most, out JsonElement[] parameters)
    {
        parameters = request.Parameters is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];
        return parameters.Length == 0 || parameters[0].ValueKind != JsonValueKind.String ? RequestError.BadPropertyName
            : parameters.Length > most ? RequestError.TooManyParameters
            : parameters[0].GetString() != CombinedProperty ? RequestError.UnknownProperty
            : null;
    }

    private static bool TryReadNames(BinanceRequest request, out List<string> names, out RequestError? error)
    {
        names = [];
        error = null;
        if (request.Parameters is not { ValueKind: JsonValueKind.Array } array)
        {
            error = RequestError.Invalid(request.Parameters is null ? "missing field `params`" : "invalid type, expected a sequence");
            return false;
        }

        foreach (var name in array.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String)
            {
                error = RequestError.InvalidStream;
                return false;
            }

            names.Add(name.GetString()!);
        }

        return true;
    }

    private RequestError? Check(IReadOnlyList<string> names)
    {
        if (!names.All(StreamName.IsWellFormed))
        {
            return RequestError.InvalidStream;
        }

        lock (_gate)
        {
            var more = names.Distinct(StringComparer.Ordinal).Count(name => !_streams.ContainsKey(name));
            return _streams.Count + more > _limits.StreamsPerConnection ? RequestError.TooManySubscriptions : null;
        }
    }

    private void Subscribe(IReadOnlyList<string> names)
    {
        lock (_gate)
        {
            foreach (var name in names)
            {
                if (!_ended && !_streams.ContainsKey(name))
                {
                    // On the wrong route a stream is acknowledged and silent.
                    var stream = _delivers is null || _delivers(name) ? _directory.Find(name) : null;
                    _streams.Add(name, stream);
                    stream?.Add(this);
                }
            }
        }
    }

    private RequestError? Send(byte[] reply)
    {
        Connection.Send(Opcode.Text, reply);
        return null;
    }
}
