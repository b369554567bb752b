import { serverChan } from '../src/services/serverChan/serverChan.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonServerChanApi extends credential(serverChan) {}
