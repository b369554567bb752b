import { sre24 } from '../src/channels/sre24';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonSre24Api extends credential(sre24) {}
