using System.Text.Json;

namespace Pipeline.SocketIo.EngineIo;

/// <summary>A refused request.</summary>
internal sealed record EngineError(int Status, int Code, string Message, int RetryAfterSeconds = 0)
{
    /// <summary>What the client is told.</summary>
    public string Body { get; } = $$"""{"code":{{Code}},"message":"{{JsonEncodedText.Encode(Message)}}"}""";

    public static EngineError Of(EngineRefusal refusal) =>
        new(refusal.Status, EngineErrors.Forbidden.Code, refusal.Message, refusal.RetryAfterSeconds);
}
