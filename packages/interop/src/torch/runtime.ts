/**
 * What every exported training script holds beside its model: files, one epoch, the processes. Readers of
 * the script read this too, so it is written as a person would.
 */
export const runtime = `TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "I32": torch.int32,
    "U8": torch.bool,
}


def load(path):
    """The tensors and the metadata of a safetensors file."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        begin = 8 + length
        metadata = header.pop("__metadata__", {})
        tensors = {}
        for name, entry in header.items():
            first, last = entry["data_offsets"]
            file.seek(begin + first)
            data = bytearray(file.read(last - first))
            dtype = TYPES[entry["dtype"]]
            flat = torch.frombuffer(data, dtype=dtype) if data else torch.empty(0, dtype=dtype)
            tensors[name] = flat.reshape(entry["shape"])
    return tensors, metadata


def save(path, tensors, metadata):
    """Writes a safetensors file, which holds the old content or the new, never a part."""
    names = {dtype: name for name, dtype in TYPES.items()}
    header, parts, place = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        flat = tensor.detach().cpu().contiguous()
        data = flat.numpy().tobytes()
        header[name] = {
            "dtype": names[flat.dtype],
            "shape": list(flat.shape),
            "data_offsets": [place, place + len(data)],
        }
        parts.append(data)
        place += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    part = f"{path}.{os.getpid()}"
    with open(part, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


class Training:
    """A model with the state of its optimizer: all that a checkpoint holds."""

    def __init__(self, path, device):
        tensors, metadata = load(path)
        self.facts = json.loads(metadata["chainrule"])
        self.device = device
        self.model = Model()
        self.weights = {name: getattr(self.model, own) for name, own in NAMES.items()}
        missing = [name for name in [*NAMES, *SLOTS, "step"] if name not in tensors]
        if missing:
            sys.exit(f"{path}: a checkpoint must fit the model, got none of {', '.join(missing[:10])}")
        with torch.no_grad():
            for name, weight in self.weights.items():
                weight.copy_(tensors[name])
        self.model.to(device)
        self.slots = {name: tensors[name].to(device) for name in SLOTS}
        self.step = tensors["step"].to(device)
        for name in set(NAMES) - set(RULES):
            self.weights[name].requires_grad_(False)

    def agree(self):
        """Every process goes on from the state of the first: others may have no checkpoint."""
        epoch = torch.tensor(self.facts["epoch"], device=self.device)
        for tensor in [*self.weights.values(), *self.slots.values(), self.step, epoch]:
            dist.broadcast(tensor.data, 0)
        self.facts["epoch"] = int(epoch)

    def save(self, path):
        tensors = {**self.weights, **self.slots, "step": self.step}
        save(path, tensors, {"chainrule": json.dumps(self.facts)})

    @torch.no_grad()
    def update(self):
        """Moves every weight by its own rule."""
        weights = [self.weights[name] for name in RULES]
        gradients = [
            torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in weights
        ]
        for weight, gradient, name in zip(weights, clip(gradients), RULES):
            rule, slots = RULES[name]
            following, *states = rule(weight, gradient, *[self.slots[slot] for slot in slots], self.step)
            weight.copy_(following)
            self.slots.update(zip(slots, states))
            weight.grad = None
        self.step = self.step + 1


def order_of(epoch, count, orders, args):
    """In which order the examples of an epoch come: as the file says, or shuffled by the seed."""
    if f"epoch {epoch}" in orders:
        return orders[f"epoch {epoch}"].long()
    if args.in_order:
        return torch.arange(count)
    return torch.randperm(count, generator=torch.Generator().manual_seed(args.seed * 1_000_003 + epoch))


def run_epoch(training, forward, data, order, batch):
    """One pass over the data. Gives the sum of the loss over examples, and the totals of the metrics."""
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    sums = {"loss": torch.zeros((), dtype=torch.float64, device=training.device)}
    training.model.train()
    for rows in order.split(batch):
        # Every process takes each world-th example. DDP averages over processes, so that a share is weighed by its
        # size; where a batch is smaller than the number of processes, some take an example of weight 0.
        own = rows[rank::world]
        weight = world * len(own) / len(rows)
        if len(own) == 0:
            own = rows[:1]
        inputs = [data[name][own].to(training.device) for name in INPUTS]
        target = data["target"][own].to(training.device) if "target" in data else None
        output = forward(*inputs)
        value = loss(output, target)
        (value if weight == 1 else value * weight).backward()
        training.update()
        with torch.no_grad():
            sums["loss"] += value.double() * (weight * len(rows) / world)
            for name, total in metrics(output, target).items():
                sums[name] = sums.get(name, 0) + total.double() * float(weight > 0)
    if world > 1:
        for total in sums.values():
            dist.all_reduce(total)
    return {name: total.reshape(-1).tolist() for name, total in sums.items()}


def checkpoints_in(folder):
    """Files of checkpoints, the oldest first."""
    names = [name for name in os.listdir(folder) if re.fullmatch(r"epoch-\\d+\\.safetensors", name)]
    return [os.path.join(folder, name) for name in sorted(names)]


def arguments():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", default=os.path.join(here, "start.safetensors"), help="the checkpoint to begin with")
    parser.add_argument("--data", default=os.path.join(here, "data.safetensors"), help="inputs and targets by name")
    parser.add_argument("--order", help="the order of the examples of each epoch; shuffled unless given")
    parser.add_argument("--checkpoints", default=os.path.join(here, "checkpoints"), help="the folder for checkpoints")
    parser.add_argument("--fresh", action="store_true", help="do not go on from the newest checkpoint")
    parser.add_argument("--keep", type=int, default=3, help="how many checkpoints stay; 0 for all")
    parser.add_argument("--everywhere", action="store_true", help="write checkpoints on every machine, not on the first alone")
    parser.add_argument("--epochs", type=int, default=10, help="epochs in all, those before the start included")
    parser.add_argument("--batch", type=int, default=32, help="examples of a step, of all processes together")
    parser.add_argument("--seed", type=int, default=0, help="what the order of examples is drawn from")
    parser.add_argument("--in-order", action="store_true", help="take the examples as they are in the file")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="a GPU for every process if there are enough")
    parser.add_argument("--json", action="store_true", help="print each epoch as a line of JSON")
    return parser.parse_args()


def main():
    args = arguments()
    world = int(os.environ.get("WORLD_SIZE", "1"))
    local = int(os.environ.get("LOCAL_RANK", "0"))
    enough = torch.cuda.device_count() >= int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    on_gpu = args.device == "cuda" or (args.device is None and enough and torch.cuda.is_available())
    device = torch.device(f"cuda:{local}" if on_gpu else "cpu")
    if on_gpu:
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if on_gpu else "gloo")
    first = world == 1 or dist.get_rank() == 0 or (args.everywhere and local == 0)

    os.makedirs(args.checkpoints, exist_ok=True)
    done = [] if args.fresh else checkpoints_in(args.checkpoints)
    training = Training(done[-1] if done else args.start, device)
    forward = training.model
    if world > 1:
        training.agree()
        forward = DistributedDataParallel(
            forward, device_ids=[local] if on_gpu else None, find_unused_parameters=UNUSED
        )
    data, _ = load(args.data)
    orders = load(args.order)[0] if args.order else {}
    count = len(data[INPUTS[0]])

    for epoch in range(training.facts["epoch"] + 1, args.epochs + 1):
        begun = time.perf_counter()
        sums = run_epoch(training, forward, data, order_of(epoch, count, orders, args), args.batch)
        mean = sums["loss"][0] / count
        if not math.isfinite(mean):
            last = checkpoints_in(args.checkpoints) if first else []
            sys.exit(f"the loss must be finite, got {mean} in epoch {epoch}; the last checkpoint is {last[-1] if last else args.start}")
        training.facts["epoch"] = epoch
        training.facts["history"].append({"epoch": epoch, "steps": int(training.step), "loss": mean})
        if not first:
            continue
        path = os.path.join(args.checkpoints, f"epoch-{epoch:08}.safetensors")
        training.save(path)
        seconds = time.perf_counter() - begun
        if args.json:
            print(json.dumps({"epoch": epoch, "rows": count, "sums": sums, "seconds": seconds, "checkpoint": path}), flush=True)
        else:
            print(f"epoch {epoch}  loss {mean:.6g}  {seconds:.2f} s", flush=True)
        if args.keep > 0:
            for old in checkpoints_in(args.checkpoints)[: -args.keep]:
                os.remove(old)
    if world > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
