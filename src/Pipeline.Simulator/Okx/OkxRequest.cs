using System.Text;
using System.Text.Json;

namespace Pipeline.Simulator.Okx;

/// <summary>A request as read. Of a refused one only the id may be there.</summary>
internal sealed record OkxRequest(string? Id, string Operation, IReadOnlyList<OkxArg> Args)
{
    private const int LongestId = 32;
    private static readonly string[] Operations = ["subscribe", "unsubscribe", "login"];

    public static bool TryParse(ReadOnlySpan<byte> text, out OkxRequest request, out OkxError? error)
    {
        request = new OkxRequest(null, "", []);
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            error = Read(document.RootElement, text, ref request);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text with half a surrogate pair.
            error = OkxError.BadRequest(Encoding.UTF8.GetString(text));
        }

        return error is null;
    }

    private static OkxError? Read(JsonElement root, ReadOnlySpan<byte> text, ref OkxRequest request)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("op", out var op) || op.ValueKind != JsonValueKind.String
            || !root.TryGetProperty("args", out var args) || args.ValueKind != JsonValueKind.Array)
        {
            return OkxError.BadRequest(Encoding.UTF8.GetString(text));
        }

        if (root.TryGetProperty("id", out var id))
        {
            if (id.ValueKind != JsonValueKind.String || !IsId(id.GetString()!))
            {
                return OkxError.BadId;
            }

            request = request with { Id = id.GetString() };
        }

        request = request with { Operation = op.GetString()! };
        if (!Operations.Contains(request.Operation, StringComparer.Ordinal))
        {
            return OkxError.BadOperation(request.Operation);
        }

        return request.Operation == "login" ? null : ReadArgs(args, ref request);
    }

    private static OkxError? ReadArgs(JsonElement args, ref OkxRequest request)
    {
        var read = args.EnumerateArray().Select(OkxArg.From).ToList();
        if (read.Count == 0 || read.Contains(null))
        {
            return OkxError.BadArgs;
        }

        request = request with { Args = read! };
        return null;
    }

    private static bool IsId(string id) => id.Length is > 0 and <= LongestId && id.All(char.IsAsciiLetterOrDigit);
}
