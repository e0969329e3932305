using System.Text.Json;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo;

/// <summary>A client wants to join a namespace.</summary>
/// <param name="Namespace">Which.</param>
/// <param name="Handshake">Query, headers and address of its connection.</param>
/// <param name="AuthJson">UTF-8 JSON object that it sends along; <c>{}</c> when it sends none.</param>
public sealed record ConnectRequest(IoNamespace Namespace, EngineHandshake Handshake, ReadOnlyMemory<byte> AuthJson)
{
    /// <summary>
    /// When what lets the client in ends; null = never. Set by who decides on it (<see cref="IoNamespace.Use"/>): the connection is closed
    /// then, with <see cref="SocketIoOptions.ExpiredClosure"/>.
    /// </summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Who the client is, as far as who decides on it knows (<see cref="IoNamespace.Use"/>); not used here. Null = nobody says.</summary>
    public string? Subject { get; set; }

    /// <summary>A member of what the client sends along, when it is text.</summary>
    public string? GetAuth(string name)
    {
        var reader = new Utf8JsonReader(AuthJson.Span);
        var auth = JsonElement.ParseValue(ref reader);
        try
        {
            return auth.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is no text.
            return null;
        }
    }

    /// <summary>Without what the client sends along, which may be a password.</summary>
    public override string ToString() => $"connect to {Namespace.Name} from {Handshake.Address}";
}
