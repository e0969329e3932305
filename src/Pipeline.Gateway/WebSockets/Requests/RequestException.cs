namespace Pipeline.Gateway.WebSockets.Requests;

/// <summary>A message of a client is no request. Its text never repeats what the client sent.</summary>
internal sealed class RequestException(string code, string message) : Exception(message)
{
    public string Code => code;

    /// <summary>The request's id as JSON, as far as it was read; null when it has none.</summary>
    public string? Id { get; set; }
}
