namespace Pipeline.Gateway.Http;

/// <summary>The parameters of a path, as metadata for its description.</summary>
internal sealed record QueryParameters(IReadOnlyList<QueryParameter> All);
