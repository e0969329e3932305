using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Pipeline.Core.Market;
using Pipeline.Gateway.Streams;

namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>
/// Reads requests strictly: an unknown field, a wrong type, a number out of bounds is refused, so that a misspelt field does not silently
/// subscribe to everything. Everything that grows is capped while it is read.
/// </summary>
internal ref struct RequestReader
{
    /// <summary>Longest id of a request or a filter, in characters.</summary>
    public const int MaxIdLength = 64;

    private const int MaxDepth = 8;
    private const int MaxDataTypes = 32;
    private const int MaxExchanges = 64;
    private const int MaxEpochLength = 100;
    private const int MaxStreamLength = 200;
    private const double MaxRate = 10_000;

    private readonly SessionOptions _options;
    private Utf8JsonReader _json;
    private string? _op;
    private string? _id;
    private string? _filterId;
    private FilterSpec? _filter;
    private double? _maxRate;
    private ResumeSpec? _resume;

    private RequestReader(ReadOnlySequence<byte> message, SessionOptions options)
    {
        _options = options;
        _json = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <exception cref="RequestException">It is no request.</exception>
    public static ClientRequest Read(ReadOnlySequence<byte> message, SessionOptions options)
    {
        var reader = new RequestReader(message, options);
        try
        {
            return reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new RequestException(ErrorCodes.InvalidJson, "The message is no JSON object.") { Id = reader._id };
        }
        catch (RequestException error)
        {
            error.Id ??= reader._id;
            throw;
        }
    }

    private ClientRequest Read()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException(ErrorCodes.InvalidJson, "The message is no JSON object.");
        }

        var seen = 0;
        while (NextProperty(out var name))
        {
            var field = name switch { "op" => 1, "id" => 2, "filterId" => 4, "filters" => 8, "maxRate" => 16, "resume" => 32, _ => 0 };
            if (field == 0 || (seen & field) != 0)
            {
                throw Invalid("There are op, id, filterId, filters, maxRate and resume, each once.");
            }

            seen |= field;
            ReadField(field);
        }

        while (_json.Read())
        {
            // Only white space may follow, else the reader throws.
        }

        return Check();
    }

    private void ReadField(int field)
    {
        switch (field)
        {
            case 1:
                _op = Text(32);
                break;
            case 2:
                _id = ReadId();
                break;
            case 4:
                _filterId = Id(Text(MaxIdLength));
                break;
            case 8:
                _filter = ReadFilter();
                break;
            case 16:
                _maxRate = _json.TokenType == JsonTokenType.Number && _json.TryGetDouble(out var rate) && rate is >= 0 and <= MaxRate
                    ? rate
                    : throw Invalid("maxRate is a number of messages per second, 0 to 10000.");
                break;
            default:
                _resume = ReadResume();
                break;
        }
    }

    private readonly ClientRequest Check()
    {
        RequestOp? known = _op switch
        {
            "subscribe" => RequestOp.Subscribe,
            "unsubscribe" => RequestOp.Unsubscribe,
            "list" => RequestOp.List,
            "ping" => RequestOp.Ping,
            "getStats" => RequestOp.GetStats,
            _ => null,
        };
        if (known is not { } op)
        {
            throw new RequestException(ErrorCodes.UnknownOp, "op is one of subscribe, unsubscribe, list, ping and getStats.");
        }

        var isSubscribe = op == RequestOp.Subscribe;
        if ((!isSubscribe && (_filter is not null || _resume is not null || _maxRate is not null))
            || (_filterId is not null && op is not (RequestOp.Subscribe or RequestOp.Unsubscribe)))
        {
            throw Invalid("This op does not take all of these fields.");
        }

        return new ClientRequest(op, _id) { FilterId = _filterId, Filter = _filter ?? FilterSpec.All, MaxRate = _maxRate, Resume = _resume };
    }

    private FilterSpec ReadFilter()
    {
        Object(ErrorCodes.InvalidFilter, "filters is an object.");
        var filter = FilterSpec.All;
        while (NextProperty(out var name))
        {
            filter = name switch
            {
                "exchange" => filter with { Exchanges = Names(MaxExchanges, "exchange") },
                "symbols" => filter with { Symbols = Names(_options.MaxSymbols, "symbols") },
                "dataTypes" => filter with { DataTypes = ReadDataTypes() },
                "minor" => filter with
                {
                    Minor = _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw Filter("minor is true or false."),
                },
                _ => throw Filter("There are exchange, symbols, dataTypes and minor."),
            };
        }

        return filter;
    }

    private List<string> Names(int most, string field)
    {
        var names = new List<string>();
        Array(field);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.String || _json.GetString() is not { } name || !InstrumentNames.IsName(name))
            {
                throw Filter($"{field} is a list of names.");
            }

            if (names.Count == most)
            {
                throw new RequestException(
                    ErrorCodes.SubscriptionLimit, string.Create(CultureInfo.InvariantCulture, $"{field} takes {most} names at most."));
            }

            names.Add(name);
        }

        return names;
    }

    private DataTypeSet ReadDataTypes()
    {
        var set = default(DataTypeSet);
        var count = 0;
        Array("dataTypes");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (++count > MaxDataTypes
                || _json.TokenType != JsonTokenType.String
                || !DataTypes.TryParse(_json.GetString()!, out var kind, out var interval))
            {
                throw Filter("dataTypes is a list of trade, quote, book, ticker, candle:<interval>, gap and health.");
            }

            set = set.Plus(DataTypeSet.Of(kind, interval));
        }

        return count == 0 ? DataTypeSet.All : set;
    }

    private ResumeSpec ReadResume()
    {
        const string Form = "resume is {\"epoch\":\"…\",\"streams\":{\"<stream>\":<seq>,…}}.";
        Object(ErrorCodes.InvalidResume, Form);
        string? epoch = null;
        Dictionary<string, long>? streams = null;
        while (NextProperty(out var name))
        {
            if (name == "epoch" && epoch is null && _json.TokenType == JsonTokenType.String)
            {
                epoch = Text(MaxEpochLength);
            }
            else if (name == "streams" && streams is null)
            {
                streams = ReadPositions(Form);
            }
            else
            {
                throw new RequestException(ErrorCodes.InvalidResume, Form);
            }
        }

        return epoch is not null && streams is not null ? new ResumeSpec(epoch, streams) : throw new RequestException(ErrorCodes.InvalidResume, Form);
    }

    private Dictionary<string, long> ReadPositions(string form)
    {
        Object(ErrorCodes.InvalidResume, form);
        var streams = new Dictionary<string, long>(StringComparer.Ordinal);
        while (NextProperty(out var name))
        {
            if (name.Length > MaxStreamLength || _json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var seq) || seq < -1)
            {
                throw new RequestException(ErrorCodes.InvalidResume, form);
            }

            streams[name] = seq;
            if (streams.Count > _options.MaxStreams)
            {
                throw new RequestException(ErrorCodes.SubscriptionLimit, "resume names more streams than a client may have.");
            }
        }

        return streams;
    }

    /// <summary>Goes on to the next property's value; false at the end of the object.</summary>
    private bool NextProperty(out string name)
    {
        name = "";
        if (!_json.Read() || _json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = _json.GetString()!;
        _json.Read();
        return true;
    }

    private readonly void Object(string code, string message)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestException(code, message);
        }
    }

    private readonly void Array(string field)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw Filter($"{field} is a list.");
        }
    }

    private string Text(int most) => _json.TokenType == JsonTokenType.String && _json.GetString() is { } text && text.Length <= most
        ? text
        : throw Invalid("op, id and filterId are texts of at most 64 characters.");

    private string ReadId() => _json.TokenType == JsonTokenType.Number
        ? _json.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : throw Invalid("id is a text or a whole number.")
        : $"\"{Id(Text(MaxIdLength))}\"";

    /// <summary>Only what can be told again without harm, whoever reads it.</summary>
    private static string Id(string text) => text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')
        ? text
        : throw Invalid("id and filterId consist of letters, digits, '-', '_', '.' and ':'.");

    private static RequestException Invalid(string message) => new(ErrorCodes.InvalidRequest, message);

    private static RequestException Filter(string message) => new(ErrorCodes.InvalidFilter, message);
}
