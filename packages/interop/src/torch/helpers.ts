import type { HelperName } from "./translate.ts";

interface Helper {
  readonly source: string;
  readonly needs?: readonly HelperName[];
}

/** Functions that an exported module holds where its lines call them, in the order they are written. */
const helpers: Readonly<Record<HelperName, Helper>> = {
  relu: {
    source: `def relu(x):
    """max(x, 0); its derivative at 0 is 1, where torch.relu has 0."""
    return torch.where(x < 0, torch.zeros_like(x), x)`,
  },
  elu: {
    source: `def elu(x, alpha):
    """x where x >= 0, else alpha (e^x - 1); its derivative at 0 is 1, where F.elu has alpha."""
    return torch.where(x >= 0, x, alpha * torch.expm1(torch.clamp(x, max=0.0)))`,
  },
  cbrt: {
    source: `def cbrt(x):
    """The real cube root."""
    negative = x < 0
    size = torch.where(negative, -x, x) ** (1 / 3)
    return torch.where(negative, -size, size)`,
  },
  hypot: {
    source: `def hypot(a, b):
    """sqrt(a^2 + b^2), whose derivatives at the origin are 0."""
    origin = (a == 0) & (b == 0)
    length = torch.hypot(torch.where(origin, 1.0, a), torch.where(origin, 1.0, b))
    return torch.where(origin, 0.0, length)`,
  },
  mod: {
    source: `def mod(x, y):
    """The remainder with the sign of y; x where y is 0."""
    rest = torch.remainder(x, torch.where(y == 0, torch.ones_like(y), y))
    return torch.where(y == 0, x, rest)`,
  },
  unit_step: {
    source: `def unit_step(x, at_zero):
    """0 below 0, 1 above, and a number of its own at 0; its derivative is 0."""
    return torch.heaviside(x.detach(), torch.full_like(x, at_zero))`,
  },
  round_half_away: {
    source: `def round_half_away(x):
    """The nearest whole number; halves are rounded away from 0."""
    below = torch.floor(torch.abs(x))
    size = torch.where(torch.abs(x) - below >= 0.5, below + 1, below)
    return torch.copysign(size, x)`,
  },
  strided: {
    source: `def strided(x, axis, start, step, size):
    """The elements start, start + step, ... along an axis."""
    places = start + step * torch.arange(size, device=x.device)
    return x.index_select(axis, places % x.shape[axis])`,
  },
  place: {
    source: `def place(x, axis, start, step, length):
    """Zeros with x written at start, start + step, ... along an axis."""
    places = start + step * torch.arange(x.shape[axis], device=x.device)
    zeros = x.new_zeros(x.shape[:axis] + (length,) + x.shape[axis + 1 :])
    return zeros.index_add(axis, places % length, x)`,
  },
  take: {
    source: `def take(x, indices, axis):
    """The parts of x at the indices along an axis."""
    shape = x.shape[:axis] + indices.shape + x.shape[axis + 1 :]
    return x.index_select(axis, indices.reshape(-1)).reshape(shape)`,
  },
  prod_except: {
    source: `def prod_except(x, axis):
    """For each element the product of the others along an axis, without division."""
    first = torch.ones_like(x.narrow(axis, 0, 1))
    inner = x.shape[axis] - 1
    before = torch.cat([first, torch.cumprod(x.narrow(axis, 0, inner), axis)], axis)
    behind = torch.cumprod(x.narrow(axis, 1, inner).flip(axis), axis).flip(axis)
    return before * torch.cat([behind, first], axis)`,
  },
  segment_sum: {
    source: `def segment_sum(x, indices, axis, count):
    """Sums of the parts of x with the same index."""
    before, after = x.shape[:axis], x.shape[axis + indices.dim() :]
    parts = x.reshape(before + (indices.numel(),) + after)
    return x.new_zeros(before + (count,) + after).index_add(axis, indices.reshape(-1), parts)`,
  },
  solve: {
    source: `def solve(a, b):
    """The x with a x = b, for each matrix of a stack."""
    stack = torch.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    return torch.linalg.solve(a.expand(stack + a.shape[-2:]), b.expand(stack + b.shape[-2:]))`,
  },
  triangular_solve: {
    source: `def triangular_solve(a, b, upper, transposed):
    """The x with a x = b, of a triangle of a alone; of its transpose if transposed."""
    if transposed:
        return torch.linalg.solve_triangular(a.transpose(-2, -1), b, upper=not upper)
    return torch.linalg.solve_triangular(a, b, upper=upper)`,
  },
  convolution: {
    source: `def convolution(x, kernel, stride, padding, dilation, groups):
    convolve = F.conv1d if x.dim() == 3 else F.conv2d
    return convolve(F.pad(x, padding), kernel, None, stride, 0, dilation, groups)`,
  },
  convolution_input: {
    source: `def convolution_input(y, kernel, size, stride, padding, dilation, groups):
    """The transposed convolution: what a convolution's result sends back to its input."""
    transposed = F.conv_transpose1d if y.dim() == 3 else F.conv_transpose2d
    before, after = padding[-2::-2], padding[-1::-2]
    more = []
    for axis, length in enumerate(size):
        reach = (y.shape[axis + 2] - 1) * stride[axis] + dilation[axis] * (kernel.shape[axis + 2] - 1) + 1
        more.append(length + before[axis] + after[axis] - reach)
    x = F.pad(transposed(y, kernel, None, stride, 0, 0, groups, dilation), [
        side for extra in reversed(more) for side in (0, extra)
    ])
    for axis, length in enumerate(size):
        x = x.narrow(axis + 2, before[axis], length)
    return x`,
  },
  convolution_kernel: {
    source: `def convolution_kernel(x, y, shape, stride, padding, dilation, groups):
    """What a convolution's result sends back to its kernel."""
    of = torch.nn.grad.conv1d_weight if x.dim() == 3 else torch.nn.grad.conv2d_weight
    return of(F.pad(x, padding), shape, y, stride, 0, dilation, groups)`,
  },
  average_pool: {
    source: `def average_pool(x, window, stride, padding, dilation, count_padding):
    """The mean of each window; padding counts as 0, or not at all."""
    convolve = F.conv1d if x.dim() == 3 else F.conv2d
    ones = x.new_ones((1, 1) + window)
    rows = F.pad(x.reshape((-1, 1) + x.shape[2:]), padding)
    sums = convolve(rows, ones, None, stride, 0, dilation)
    counts = ones.sum()
    if not count_padding:
        counts = convolve(F.pad(x.new_ones((1, 1) + x.shape[2:]), padding), ones, None, stride, 0, dilation)
    return (sums / counts).reshape(x.shape[:2] + sums.shape[2:])`,
  },
  average_pool_spread: {
    needs: ["average_pool"],
    source: `def average_pool_spread(y, size, window, stride, padding, dilation, count_padding):
    """Each element of y in equal shares to the elements of its window."""
    with torch.enable_grad():
        x = y.new_zeros(y.shape[:2] + size, requires_grad=True)
        pooled = average_pool(x, window, stride, padding, dilation, count_padding)
    return torch.autograd.grad(pooled, x, y, create_graph=True)[0]`,
  },
  max_pool: {
    source: `def max_pool(x, window, stride, padding, dilation):
    """The largest element of each window; the first of equal ones has the derivative."""
    pool = F.max_pool1d if x.dim() == 3 else F.max_pool2d
    return pool(F.pad(x, padding, value=-math.inf), window, stride, 0, dilation)`,
  },
  max_pool_select: {
    source: `def max_pool_select(x, v, window, stride, padding, dilation):
    """The elements of v where those of x are the largest of their window."""
    pool = F.max_pool1d if x.dim() == 3 else F.max_pool2d
    padded = F.pad(x, padding, value=-math.inf)
    largest = pool(padded, window, stride, 0, dilation, False, True)[1]
    chosen = F.pad(v, padding).flatten(2).gather(2, largest.flatten(2))
    return chosen.reshape(largest.shape)`,
  },
  max_pool_spread: {
    needs: ["max_pool_select"],
    source: `def max_pool_spread(x, y, window, stride, padding, dilation):
    """The elements of y, added at the largest element of each window of x."""
    with torch.enable_grad():
        v = torch.zeros_like(x, requires_grad=True)
        chosen = max_pool_select(x.detach(), v, window, stride, padding, dilation)
    return torch.autograd.grad(chosen, v, y, create_graph=True)[0]`,
  },
  threefry: {
    source: `def threefry(key, counters):
    """Two random words for each pair of counters: Threefry-2x32 with 20 rounds (Salmon et al. 2011)."""
    low = 0xFFFFFFFF
    first, second = key[0].long() & low, key[1].long() & low
    keys = (first, second, 0x1BD11BDA ^ first ^ second)
    a = (counters[..., 0].long() + first) & low
    b = (counters[..., 1].long() + second) & low
    for turn in range(20):
        bits = (13, 15, 26, 6, 17, 29, 16, 24)[turn % 8]
        a = (a + b) & low
        b = (((b << bits) | (b >> (32 - bits))) & low) ^ a
        if turn % 4 == 3:
            injection = (turn + 1) // 4
            a = (a + keys[injection % 3]) & low
            b = (b + keys[(injection + 1) % 3] + injection) & low
    words = torch.stack([a, b], dim=-1)
    return torch.where(words > 0x7FFFFFFF, words - (1 << 32), words).to(torch.int32)`,
  },
  per_process: {
    needs: ["threefry"],
    source: `def per_process(key):
    """The key itself for a single process; of several, each draws from a key of its own."""
    if not dist.is_initialized() or dist.get_world_size() == 1:
        return key
    return threefry(key, torch.tensor([dist.get_rank(), 3], dtype=torch.int32, device=key.device))`,
  },
  random_bits: {
    needs: ["threefry"],
    source: `def random_bits(key, shape):
    """Random words, two from each counter."""
    count = math.prod(shape)
    places = torch.arange((count + 1) // 2, device=key.device)
    counters = torch.stack([places, torch.zeros_like(places)], dim=-1)
    return threefry(key, counters).reshape(-1)[:count].reshape(shape)`,
  },
  random_uniform: {
    needs: ["random_bits"],
    source: `def random_uniform(key, shape, dtype):
    """Random numbers in [0, 1): every multiple of 2^-53, or of 2^-24 in single precision."""
    count = math.prod(shape)
    if dtype == torch.float32:
        words = random_bits(key, (count,)).long() & 0xFFFFFFFF
        return ((words >> 8).to(dtype) * 2.0**-24).reshape(shape)
    words = random_bits(key, (2 * count,)).long().reshape(-1, 2) & 0xFFFFFFFF
    high, rest = (words[:, 0] >> 5).to(dtype), (words[:, 1] >> 6).to(dtype)
    return ((high * 2.0**26 + rest) * 2.0**-53).reshape(shape)`,
  },
  cond: {
    source: `def cond(predicate, then, otherwise, given):
    """One of two functions."""
    return then(*given) if bool(predicate) else otherwise(*given)`,
  },
  map_rows: {
    source: `def map_rows(each, mapped, others, size, rows, device):
    """A function applied to the elements along the first axis."""
    results = [each(*[x[i] for x in mapped], *others) for i in range(size)]
    if size == 0:
        return tuple(torch.zeros((0,) + shape, dtype=dtype, device=device) for shape, dtype in rows)
    return tuple(torch.stack(column) for column in zip(*results))`,
  },
  scan: {
    source: `def scan(step, carries, slices, others, length, rows, device, reverse=False, trips=None, histories=False):
    """A loop: the last carries, the outputs of all steps, and what the carries were before each."""
    columns = [[torch.zeros(shape, dtype=dtype, device=device)] * length for shape, dtype in rows]
    count = length if trips is None else int(trips)
    for t in reversed(range(count)) if reverse else range(count):
        results = step(*carries, *[x[t] for x in slices], *others)
        outputs = list(results[len(carries) :]) + (list(carries) if histories else [])
        for column, output in zip(columns, outputs):
            column[t] = output
        carries = results[: len(carries)]
    stacks = [
        torch.stack(column) if length > 0 else torch.zeros((0,) + shape, dtype=dtype, device=device)
        for column, (shape, dtype) in zip(columns, rows)
    ]
    return tuple(carries) + tuple(stacks)`,
  },
  while_loop: {
    source: `def while_loop(holds, step, carries, others, most, rows, device):
    """Repeats a step while a condition holds: the last carries, the number of steps, what they were before each."""
    before = []
    trips = 0
    while trips != most and bool(holds(*carries, *others)[0]):
        before.append(carries)
        carries = list(step(*carries, *others))
        trips += 1
    results = list(carries) + [torch.tensor(trips, dtype=torch.int32, device=device)]
    for i, (shape, dtype) in enumerate(rows or []):
        zero = torch.zeros(shape, dtype=dtype, device=device)
        results.append(torch.stack([one[i] for one in before] + [zero] * (most - trips)))
    return tuple(results)`,
  },
};

/** The text of the functions that are called, each after those it calls itself. */
export function helperSources(called: ReadonlySet<HelperName>): readonly string[] {
  const all = new Set(called);
  // A set grows while it is walked, so what is needed indirectly is met as well.
  for (const name of all) for (const need of helpers[name].needs ?? []) all.add(need);
  return Object.entries(helpers)
    .filter(([name]) => all.has(name as HelperName))
    .map(([, { source }]) => source);
}

/** Names that a module's other functions must not take. */
export const helperNames: readonly string[] = Object.keys(helpers);
