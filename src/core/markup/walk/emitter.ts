import { close, type Frame, type Piece } from '../pieces';

/** Takes the pieces down in their order. */
export class Emitter {
	readonly pieces: Piece[] = [];

	push(piece: Piece): void {
		this.pieces.push(piece);
	}

	/** Tells that something was written in another way. */
	lose(name: string): void {
		this.pieces.push({ kind: 'loss', name });
	}

	open(frame: Frame): void {
		this.pieces.push({ kind: 'open', frame });
	}

	end(): void {
		this.pieces.push(close);
	}

	within(frame: Frame | undefined, write: () => void): void {
		if (frame) this.open(frame);
		write();
		if (frame) this.end();
	}
}
